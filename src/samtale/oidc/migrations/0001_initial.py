import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='PendingSignIn',
            fields=[
                ('state', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('provider', models.CharField(max_length=40)),
                ('nonce', models.CharField(max_length=64)),
                ('verifier', models.CharField(max_length=64)),
                ('forced', models.BooleanField()),
                ('onward', models.TextField(blank=True)),
                ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
            ],
        ),
    ]
