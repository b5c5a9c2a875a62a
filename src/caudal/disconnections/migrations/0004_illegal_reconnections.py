"""A fine for whoever took the water back: once for one cut, taken back only by two people."""

import django.db.models.deletion
from django.db import migrations, models

from caudal.kernel.appendonly import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0002_people_and_approvals'),
        ('disconnections', '0003_first_policies'),
        ('fieldwork', '0003_enrollment_codes'),
        ('registry', '0005_same_day_restore'),
    ]

    operations = [
        migrations.CreateModel(
            name='IllegalReconnectionCancellation',
            fields=[
                ('illegal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='cancellation', serialize=False, to='disconnections.illegalreconnection')),
                ('reason', models.CharField(max_length=300, verbose_name='motivo')),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=150, verbose_name='quién')),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='illegalreconnection',
            name='disconnections_fined_once',
        ),
        migrations.AddField(
            model_name='illegalreconnection',
            name='attempt',
            field=models.PositiveSmallIntegerField(default=1, verbose_name='vez'),
        ),
        migrations.AddField(
            model_name='illegalreconnection',
            name='event',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='fieldwork.fieldevent'),
        ),
        migrations.AddField(
            model_name='illegalreconnection',
            name='policy',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='disconnections.disconnectionpolicy'),
        ),
        migrations.AddField(
            model_name='illegalreconnection',
            name='source',
            field=models.CharField(choices=[('reading', 'una lectura'), ('order', 'una orden de campo'), ('desk', 'la oficina')], default='desk', max_length=8, verbose_name='por dónde se supo'),
        ),
        migrations.AddConstraint(
            model_name='illegalreconnection',
            constraint=models.UniqueConstraint(fields=('account', 'interrupted_on', 'attempt'), name='disconnections_fined_once'),
        ),
        migrations.AddConstraint(
            model_name='illegalreconnection',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('charge_sequence', 0), ('fine_cents', 0)), models.Q(('charge_sequence__gt', 0), ('fine_cents__gt', 0)), _connector='OR'), name='disconnections_fine_is_charged'),
        ),
        migrations.AddField(
            model_name='illegalreconnectioncancellation',
            name='approval',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='access.approval'),
        ),
        migrations.AddConstraint(
            model_name='illegalreconnectioncancellation',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='disconnections_fine_back_says_why'),
        ),
        AppendOnly("disconnections_illegalreconnectioncancellation"),
    ]
