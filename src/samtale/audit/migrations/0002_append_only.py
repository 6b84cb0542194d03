"""An entry cannot be changed, also not by the portal's own role: only its people may go, and old entries.

The names in it stay, so an entry whose people are deleted still says who did what to whom.
"""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION audit_entry_is_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.at, OLD.act, OLD.by_name, OLD.on_name, OLD.subject, OLD.detail, OLD.address)
       IS DISTINCT FROM
       (NEW.id, NEW.at, NEW.act, NEW.by_name, NEW.on_name, NEW.subject, NEW.detail, NEW.address)
       OR (NEW.by_id IS NOT NULL AND NEW.by_id IS DISTINCT FROM OLD.by_id)
       OR (NEW.on_id IS NOT NULL AND NEW.on_id IS DISTINCT FROM OLD.on_id)
    THEN
        RAISE EXCEPTION 'entries of the audit log are written once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_entry_is_written_once BEFORE UPDATE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_is_written_once();
"""
BACKWARDS = """
DROP TRIGGER audit_entry_is_written_once ON audit_entry;
DROP FUNCTION audit_entry_is_written_once();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
