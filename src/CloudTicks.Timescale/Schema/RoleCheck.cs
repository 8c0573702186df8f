using CloudTicks.Timescale.Roles;
using Npgsql;

namespace CloudTicks.Timescale.Schema;

/// <summary>Checks whether the database has the roles, members and rights of the migrations.</summary>
internal static class RoleCheck
{
    // A dropped table is ignored, because recreating it grants the rights again.
    private const string CountMissingRights =
        """
        SELECT count(*) FROM unnest($1::text[], $2::text[], $3::text[]) AS wanted (rolname, name, privilege)
        LEFT JOIN pg_roles USING (rolname) LEFT JOIN pg_class ON pg_class.oid = to_regclass(name)
        WHERE pg_roles.oid IS NULL OR NOT coalesce(
            CASE privilege WHEN 'OWNER' THEN relowner = pg_roles.oid
                WHEN 'DELETE' THEN has_table_privilege(pg_roles.oid, pg_class.oid, privilege)
                ELSE has_any_column_privilege(pg_roles.oid, pg_class.oid, privilege) END,
            true)
        """;

    private const string SelectNonMembers =
        $"""
        SELECT login.rolname, wanted.role FROM unnest($1::text[], $2::text[]) AS wanted (login, role)
        JOIN pg_roles AS login ON login.rolname = coalesce(nullif(wanted.login, ''), session_user)
        LEFT JOIN pg_roles AS role ON role.rolname = wanted.role
        WHERE role.oid IS NULL OR NOT pg_has_role(login.oid, role.oid, {RoleNames.MembershipToSet})
        """;

    public static async Task<bool> HasRightsAsync(
        NpgsqlConnection connection, IReadOnlyCollection<RoleStatements.Right> rights, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(CountMissingRights, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string[]> { TypedValue = [.. rights.Select(right => RoleNames.Of(right.Role))] },
                new NpgsqlParameter<string[]> { TypedValue = [.. rights.Select(right => right.Table)] },
                new NpgsqlParameter<string[]> { TypedValue = [.. rights.Select(right => right.Privilege)] },
            },
        };
        return (long)(await command.ExecuteScalarAsync(cancellationToken))! == 0;
    }

    /// <summary>Finds the logins that may not set their roles yet. A login that does not exist is skipped.</summary>
    public static async Task<List<(string Login, string Role)>> FindNonMembersAsync(
        NpgsqlConnection connection, IReadOnlyCollection<(string? Login, DatabaseRole Role)> members, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(SelectNonMembers, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string[]> { TypedValue = [.. members.Select(member => member.Login ?? "")] },
                new NpgsqlParameter<string[]> { TypedValue = [.. members.Select(member => RoleNames.Of(member.Role))] },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var nonMembers = new List<(string Login, string Role)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            nonMembers.Add((reader.GetString(0), reader.GetString(1)));
        }

        return nonMembers;
    }
}
