using CloudTicks.Timescale.Roles;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CloudTicks.Timescale.Schema;

/// <summary>
/// Creates missing roles, and grants missing rights that the migrations define. Roles belong to the server, and independent programs may
/// migrate its databases at the same time, so no step fails because another program was faster. A login that may not set up roles keeps
/// its own rights.
/// </summary>
/// <param name="migrations">The migrations that define the rights of each role.</param>
/// <param name="sources">The connections whose logins become members; null for the current login only.</param>
internal sealed class RoleSetup(IReadOnlyList<Migration> migrations, DatabaseSources? sources, ILogger logger)
{
    /// <summary>Limits the wait for a lock. If a table is locked for longer, the setup is retried later.</summary>
    private const string SetLockTimeout = "SET LOCAL lock_timeout = '2s'";

    private const string ResetRole = "SET ROLE NONE";

    /// <summary>
    /// The statement that lets retention report how long a chunk has been locked. It is optional, because usually only a superuser may
    /// execute it.
    /// </summary>
    private const string GrantSessionStatistics =
        "DO $$ BEGIN GRANT pg_read_all_stats TO cloudticks_owner; EXCEPTION WHEN insufficient_privilege THEN NULL; END $$";

    private readonly List<string> _statements = [.. RoleStatements.Of(migrations)];
    private readonly List<RoleStatements.Right> _rights = [.. RoleStatements.Rights(RoleStatements.Of(migrations))];
    private string? _refused;

    private IReadOnlyCollection<(string? Login, DatabaseRole Role)> Members =>
    [
        (null, DatabaseRole.Owner),
        (sources?.Connections.Writer.Username, DatabaseRole.Writer),
        (sources?.Connections.Reader.Username, DatabaseRole.Reader),
    ];

    /// <summary>Sets up missing roles and rights, and sets the connection's role to the owner if it exists.</summary>
    /// <exception cref="NpgsqlException">The database does not answer, or refuses a statement for a reason other than rights and
    /// locks.</exception>
    public async Task EnsureAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (_refused is not null || await IsDoneAsync(connection, cancellationToken))
        {
            return;
        }

        try
        {
            await ExecuteAsync(connection, ResetRole, cancellationToken);
            await CreateAsync(connection, cancellationToken);
            await GrantMembershipsAsync(connection, cancellationToken);
            await GrantAsync(connection, cancellationToken);
            sources?.Renew();
            logger.RolesSetUp(connection.Database);
        }
        catch (PostgresException problem) when (
            problem.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidGrantOperation)
        {
            _refused = problem.MessageText;
            logger.RolesRefused(connection.Database, problem.MessageText, Advice(connection));
        }
        catch (PostgresException held) when (
            held.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected
                or PostgresErrorCodes.UndefinedTable)
        {
            // A table is locked, or was dropped and has not been recreated yet.
            logger.RoleSetupDelayed(connection.Database, held.MessageText);
        }
        finally
        {
            if (connection.FullState == System.Data.ConnectionState.Open)
            {
                await ExecuteAsync(connection, RoleNames.SetRoleIfGranted(DatabaseRole.Owner), CancellationToken.None);
            }
        }
    }

    private async Task<bool> IsDoneAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        _rights.Count == 0
        || (await RoleCheck.HasRightsAsync(connection, _rights, cancellationToken)
            && (await RoleCheck.FindNonMembersAsync(connection, Members, cancellationToken)).Count == 0);

    private static async Task CreateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var role in Enum.GetValues<DatabaseRole>().Select(RoleNames.Of))
        {
            await TryAsync(
                connection, $"DO $$ BEGIN IF to_regrole('{role}') IS NULL THEN CREATE ROLE {role} NOLOGIN; END IF; END $$",
                cancellationToken);
        }

        await TryAsync(connection, GrantSessionStatistics, cancellationToken);
    }

    private async Task GrantMembershipsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var (login, role) in await RoleCheck.FindNonMembersAsync(connection, Members, cancellationToken))
        {
            await TryAsync(connection, $"GRANT {role} TO {Quote(login)}", cancellationToken);
        }
    }

    private async Task GrantAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, SetLockTimeout, cancellationToken);
        foreach (var statement in _statements)
        {
            await ExecuteAsync(connection, statement, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Executes a statement that another program may have executed first.</summary>
    private static async Task TryAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync(connection, sql, cancellationToken);
        }
        catch (PostgresException done) when (done.SqlState is PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation)
        {
            // The other program executed it first.
        }
    }

    private string Advice(NpgsqlConnection connection)
    {
        var login = Quote(
            sources?.Connections.Owner.Username ?? new NpgsqlConnectionStringBuilder(connection.ConnectionString).Username ?? "the login");
        var names = Enum.GetValues<DatabaseRole>().Select(RoleNames.Of).ToList();
        return string.Concat(names.Select(name => $"CREATE ROLE {name}; ")) + $"GRANT {string.Join(", ", names)} TO {login};";
    }

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
