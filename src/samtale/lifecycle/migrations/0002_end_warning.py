from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="EndWarning",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=16)),
                ("provider", models.CharField(blank=True, max_length=40)),
                ("days", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "provider", "days"), name="end_warning_once")
                ],
            },
        ),
    ]
