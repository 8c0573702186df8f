using System.Text.RegularExpressions;
using CloudTicks.Timescale.Roles;

namespace CloudTicks.Timescale.Schema;

/// <summary>
/// The migrations' statements about roles. <see cref="RoleSetup"/> executes them separately, whenever roles or rights are missing.
/// </summary>
internal static partial class RoleStatements
{
    /// <summary>A right of a role on a table: a privilege, or <see cref="Ownership"/> of the table.</summary>
    public readonly record struct Right(DatabaseRole Role, string Table, string Privilege);

    public const string Ownership = "OWNER";

    private static readonly DatabaseRole[] Roles = Enum.GetValues<DatabaseRole>();

    public static bool IsAboutRoles(string statement) =>
        Array.Exists(Roles, role => statement.Contains(RoleNames.Of(role), StringComparison.Ordinal));

    public static IEnumerable<string> Of(IEnumerable<Migration> migrations) =>
        migrations.SelectMany(migration => SqlStatements.Of(migration.Sql)).Where(IsAboutRoles);

    public static string RemoveFrom(string script) => string.Concat(SqlStatements.Of(script).Where(statement => !IsAboutRoles(statement)));

    public static IEnumerable<Right> Rights(IEnumerable<string> statements) => statements.SelectMany(Rights);

    private static IEnumerable<Right> Rights(string statement) =>
        Grant.Match(statement) is { Success: true } grant
            ? Columns.Replace(grant.Groups["privileges"].Value, "").Split(',', StringSplitOptions.TrimEntries)
                .Select(privilege => RightOf(grant, privilege))
            : OwnerChange.Match(statement) is { Success: true } change ? [RightOf(change, Ownership)] : [];

    private static Right RightOf(Match statement, string privilege) => new(
        Array.Find(Roles, role => RoleNames.Of(role) == statement.Groups["role"].Value), statement.Groups["table"].Value, privilege);

    [GeneratedRegex(@"^\s*GRANT (?<privileges>[^;]+) ON (?<table>\w+) TO (?<role>\w+);")]
    private static partial Regex Grant { get; }

    [GeneratedRegex(@"^\s*ALTER TABLE (?<table>\w+) OWNER TO (?<role>\w+);")]
    private static partial Regex OwnerChange { get; }

    [GeneratedRegex(@"\([^)]*\)")]
    private static partial Regex Columns { get; }
}
