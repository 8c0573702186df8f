namespace CloudTicks.Timescale.Roles;

/// <summary>The roles' names in PostgreSQL. All databases of a server share roles.</summary>
internal static class RoleNames
{
    /// <summary>
    /// An SQL expression for the privilege that a login needs to set a role: membership with the SET option, or plain membership before
    /// PostgreSQL 16.
    /// </summary>
    public const string MembershipToSet =
        "CASE WHEN current_setting('server_version_num')::integer >= 160000 THEN 'SET' ELSE 'MEMBER' END";

    public static string Of(DatabaseRole role) => role switch
    {
        DatabaseRole.Owner => "cloudticks_owner",
        DatabaseRole.Writer => "cloudticks_writer",
        DatabaseRole.Reader => "cloudticks_reader",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Unknown role."),
    };

    /// <summary>
    /// Returns the statement that sets the session's role if the role has rights in this database. Every role with rights can read
    /// <c>schema_migrations</c>.
    /// </summary>
    public static string SetRoleIfGranted(DatabaseRole role) =>
        $"""
        SELECT set_config('role', rolname, false) FROM pg_roles
        WHERE rolname = '{Of(role)}' AND pg_has_role(session_user, oid, {MembershipToSet})
            AND has_table_privilege(oid, to_regclass('schema_migrations'), 'SELECT')
        """;
}
