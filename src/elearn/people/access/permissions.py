"""The vocabulary of permissions and what each role grants."""

from enum import StrEnum


class Role(StrEnum):
    LEARNER = "learner"
    INSTRUCTOR = "instructor"
    OPD_ADMIN = "opd_admin"
    HEAD = "head"  # of a unit or of the regency: sees, and changes nothing
    SIGNER = "signer"
    REGENCY_ADMIN = "regency_admin"


class Permission(StrEnum):
    LEARN = "learn"
    TEACH = "teach"  # make courses, and change those one is an instructor of
    TEACH_ANY = "teach_any"
    SEE_PEOPLE = "see_people"
    MANAGE_PEOPLE = "manage_people"
    ISSUE_ACCESS = "issue_access"  # activation codes and resets
    GRANT_ROLES = "grant_roles"
    MANAGE_UNITS = "manage_units"
    ENROL_OTHERS = "enrol_others"
    SEE_REPORTS = "see_reports"
    REVOKE_CERTIFICATES = "revoke_certificates"
    ISSUE_CERTIFICATES = "issue_certificates"  # in bulk
    DESIGN_CERTIFICATES = "design_certificates"  # templates and numbering
    SIGN_CERTIFICATES = "sign_certificates"
    CORRECT_JP = "correct_jp"
    SET_JP_RULES = "set_jp_rules"  # what a form is worth from a day on, and count again by it
    DECIDE_RECORDS = "decide_records"  # training taken elsewhere, of others
    MANAGE_PROGRAMMES = "manage_programmes"  # mandatory and offered, for units within the scope
    PLACE_PEOPLE = "place_people"  # at partners, within the scope
    MANAGE_PARTNERS = "manage_partners"
    EXCHANGE_RECORDS = "exchange_records"  # hand records to the national system, and hold them beside its own
    MANAGE_CLASSES = "manage_classes"  # any class; instructors run those of their own courses


# Roles that reach the subtree of a unit, which each grant names.
OF_A_UNIT = (Role.OPD_ADMIN, Role.HEAD)

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.LEARNER: frozenset({Permission.LEARN}),
    Role.INSTRUCTOR: frozenset({Permission.TEACH}),
    Role.OPD_ADMIN: frozenset(
        {
            Permission.SEE_PEOPLE,
            Permission.ISSUE_ACCESS,
            Permission.ENROL_OTHERS,
            Permission.SEE_REPORTS,
            Permission.DECIDE_RECORDS,
            Permission.PLACE_PEOPLE,
            Permission.MANAGE_PROGRAMMES,
        }
    ),
    Role.HEAD: frozenset({Permission.SEE_PEOPLE, Permission.SEE_REPORTS}),
    Role.SIGNER: frozenset({Permission.SIGN_CERTIFICATES}),
    Role.REGENCY_ADMIN: frozenset(Permission),
}
