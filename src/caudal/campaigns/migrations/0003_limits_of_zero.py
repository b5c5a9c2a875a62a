"""An amount that is no limit is zero, not a missing one; published rules are told so while their guard rests."""

import caudal.kernel.fields
from django.db import migrations, models


REST = "ALTER TABLE campaigns_campaign DISABLE TRIGGER campaigns_published_holds"
WAKE = "ALTER TABLE campaigns_campaign ENABLE TRIGGER campaigns_published_holds"


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0002_guards'),
    ]

    operations = [
        migrations.RunSQL(REST, WAKE),
        migrations.RemoveConstraint(
            model_name='campaign',
            name='campaigns_cap',
        ),
        migrations.RemoveConstraint(
            model_name='campaign',
            name='campaigns_balance_range',
        ),
        migrations.AlterField(
            model_name='campaign',
            name='cap_cents',
            field=caudal.kernel.fields.CentsField(default=0, verbose_name='tope por cuenta'),
        ),
        migrations.AlterField(
            model_name='campaign',
            name='least_balance_cents',
            field=caudal.kernel.fields.CentsField(default=0, verbose_name='adeudo mínimo'),
        ),
        migrations.AlterField(
            model_name='campaign',
            name='most_balance_cents',
            field=caudal.kernel.fields.CentsField(default=0, verbose_name='adeudo máximo'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('cap_cents__gte', 0)), name='campaigns_cap'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('least_balance_cents__gte', 0), models.Q(('most_balance_cents', 0), ('most_balance_cents__gte', models.F('least_balance_cents')), _connector='OR')), name='campaigns_balance_range'),
        ),
        migrations.RunSQL(WAKE, REST),
    ]
