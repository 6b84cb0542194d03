from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('matrixauth', '0002_browser'),
    ]

    operations = [
        migrations.AddField(
            model_name='session',
            name='noticed_at',
            field=models.DateTimeField(null=True),
        ),
    ]
