using System.Net.Sockets;
using CloudTicks.Timescale.Editions;
using CloudTicks.Timescale.Roles;
using Npgsql;

namespace CloudTicks.Timescale;

/// <summary>A failure of the database, described for its operator. The text contains no secret.</summary>
/// <param name="Kind">The kind of failure.</param>
/// <param name="Text">What is wrong, where, and what to do.</param>
public readonly record struct DatabaseProblem(DatabaseProblemKind Kind, string Text)
{
    /// <summary>Describes a failed command or connection.</summary>
    public static DatabaseProblem Of(NpgsqlException failure, string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        var server = $"PostgreSQL at {settings.Host}:{settings.Port}";
        var kind = KindOf(failure);
        var (what, remedy) = kind switch
        {
            DatabaseProblemKind.Unavailable => ($"{server} does not answer", "Start it, unless it restarts automatically."),
            DatabaseProblemKind.Full => ($"the disk of {server} is full", "Free space on it."),
            DatabaseProblemKind.NoConnectionLeft =>
                ($"{server} has no free connections", "Close other programs' connections, or raise its max_connections."),
            DatabaseProblemKind.ReadOnly =>
                ($"database {settings.Database} of {server} is read-only",
                    "Set ConnectionStrings__timescale to the primary, or turn the read-only mode off."),
            DatabaseProblemKind.Conflict =>
                ($"another session blocks a statement in database {settings.Database} of {server}", "End that session if this lasts."),
            DatabaseProblemKind.NoAccess when failure.SqlState == PostgresErrorCodes.InsufficientPrivilege =>
                ($"database {settings.Database} of {server} does not let {settings.Username ?? "its login"} do this",
                    GrantAdvice(settings.Username)),
            DatabaseProblemKind.NoAccess =>
                ($"{server} refuses access to database {settings.Database}",
                    "Check user, password and database in ConnectionStrings__timescale."),
            _ when failure.SqlState == PostgresErrorCodes.ConfigurationLimitExceeded =>
                ($"database {settings.Database} of {server} refuses a statement",
                    $"Set {CompressionStatements.UnpackLimit} = 0 on the server, if this limit is the cause."),
            _ => ($"database {settings.Database} of {server} refuses a statement", "See the server's log."),
        };
        return new DatabaseProblem(kind, $"{what} ({Detail(failure)}). {remedy}");
    }

    /// <summary>Advice for the operator on how to grant the missing rights.</summary>
    private static string GrantAdvice(string? login) =>
        $"The login lacks a right. As a superuser, or as the creator of the roles, run GRANT {RoleNames.Of(DatabaseRole.Writer)} TO "
        + $"{login ?? "the login"}. Separate logins of owner and reader need {RoleNames.Of(DatabaseRole.Owner)} and "
        + $"{RoleNames.Of(DatabaseRole.Reader)} instead. The functions set up the roles themselves if their login may do so.";

    private static DatabaseProblemKind KindOf(NpgsqlException failure) => failure is not PostgresException refused
        ? DatabaseProblemKind.Unavailable
        : refused.SqlState switch
        {
            PostgresErrorCodes.DiskFull => DatabaseProblemKind.Full,
            PostgresErrorCodes.TooManyConnections => DatabaseProblemKind.NoConnectionLeft,
            PostgresErrorCodes.ReadOnlySqlTransaction => DatabaseProblemKind.ReadOnly,
            PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected =>
                DatabaseProblemKind.Conflict,
            PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InsufficientPrivilege => DatabaseProblemKind.NoAccess,
            PostgresErrorCodes.QueryCanceled => DatabaseProblemKind.Refused,
            ['5', '7', ..] or ['0', '8', ..] => DatabaseProblemKind.Unavailable,
            ['2', '8', ..] => DatabaseProblemKind.NoAccess,
            _ => DatabaseProblemKind.Refused,
        };

    private static string Detail(NpgsqlException failure) => failure switch
    {
        PostgresException refused => $"{refused.SqlState}: {refused.MessageText}",
        { InnerException: TimeoutException } => "no response in time",
        { InnerException: SocketException socket } => socket.Message,
        { InnerException: IOException { InnerException: SocketException socket } } => socket.Message,
        { InnerException: IOException cut } => cut.Message,
        _ => failure.Message,
    };
}
