using System.Net.Sockets;
using CloudTicks.Timescale.Editions;
using CloudTicks.Timescale.Roles;
using Npgsql;

namespace CloudTicks.Timescale;

/// <summary>What keeps the database from working, in words for its operator. The text holds no secret.</summary>
/// <param name="Kind">The cause, as far as it matters for what to do.</param>
/// <param name="Text">Sentences: what is wrong, where, and what to do.</param>
public readonly record struct DatabaseProblem(DatabaseProblemKind Kind, string Text)
{
    /// <summary>Tells what a failed command or connection means.</summary>
    public static DatabaseProblem Of(NpgsqlException failure, string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        var server = $"PostgreSQL at {settings.Host}:{settings.Port}";
        var kind = KindOf(failure);
        var (what, remedy) = kind switch
        {
            DatabaseProblemKind.Away => ($"{server} does not answer", "Start it, unless that happens by itself."),
            DatabaseProblemKind.Full => ($"the disk of {server} is full", "Make room on it."),
            DatabaseProblemKind.NoConnectionLeft =>
                ($"{server} has no connection left", "Close other programs' connections, or raise its max_connections."),
            DatabaseProblemKind.ReadOnly =>
                ($"database {settings.Database} of {server} takes no writes",
                    "Let ConnectionStrings__timescale name the primary, or end the read-only mode."),
            DatabaseProblemKind.InTheWay =>
                ($"another session is in the way in database {settings.Database} of {server}", "End it if this lasts."),
            DatabaseProblemKind.NoAccess when failure.SqlState == PostgresErrorCodes.InsufficientPrivilege =>
                ($"database {settings.Database} of {server} does not let {settings.Username ?? "its login"} do this",
                    Grants(settings.Username)),
            DatabaseProblemKind.NoAccess =>
                ($"{server} refuses access to database {settings.Database}",
                    "Check user, password and database in ConnectionStrings__timescale."),
            _ when failure.SqlState == PostgresErrorCodes.ConfigurationLimitExceeded =>
                ($"database {settings.Database} of {server} refuses a statement",
                    $"Set {CompressionStatements.UnpackLimit} = 0 on the server, if it is this limit."),
            _ => ($"database {settings.Database} of {server} refuses a statement", "See the server's log."),
        };
        return new DatabaseProblem(kind, $"{what} ({Detail(failure)}). {remedy}");
    }

    /// <summary>What its roles would give it, in the words of who can.</summary>
    private static string Grants(string? login) =>
        $"The login lacks a right. Let a superuser, or who made the roles, run GRANT {RoleNames.Of(DatabaseRole.Writer)} TO "
            + $"{login ?? "it"} (a login of its own for the owner or the "
        + $"reader: {RoleNames.Of(DatabaseRole.Owner)} or {RoleNames.Of(DatabaseRole.Reader)}); the functions, started with a login that "
            + $"may do so, set up the roles and their rights.";

    private static DatabaseProblemKind KindOf(NpgsqlException failure) => failure is not PostgresException refused
        ? DatabaseProblemKind.Away
        : refused.SqlState switch
        {
            PostgresErrorCodes.DiskFull => DatabaseProblemKind.Full,
            PostgresErrorCodes.TooManyConnections => DatabaseProblemKind.NoConnectionLeft,
            PostgresErrorCodes.ReadOnlySqlTransaction => DatabaseProblemKind.ReadOnly,
            PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected =>
                DatabaseProblemKind.InTheWay,
            PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InsufficientPrivilege => DatabaseProblemKind.NoAccess,
            PostgresErrorCodes.QueryCanceled => DatabaseProblemKind.Refused,
            ['5', '7', ..] or ['0', '8', ..] => DatabaseProblemKind.Away,
            ['2', '8', ..] => DatabaseProblemKind.NoAccess,
            _ => DatabaseProblemKind.Refused,
        };

    private static string Detail(NpgsqlException failure) => failure switch
    {
        PostgresException refused => $"{refused.SqlState}: {refused.MessageText}",
        { InnerException: TimeoutException } => "no answer in time",
        { InnerException: SocketException socket } => socket.Message,
        { InnerException: IOException { InnerException: SocketException socket } } => socket.Message,
        { InnerException: IOException cut } => cut.Message,
        _ => failure.Message,
    };
}
