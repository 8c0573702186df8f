using System.Net.Sockets;
using Npgsql;

namespace CloudTicks.Timescale.Tests;

public class DatabaseProblemTests
{
    private const string ConnectionString = "Host=db;Port=5433;Database=market;Username=u;Password=canary";

    public static TheoryData<NpgsqlException, DatabaseProblemKind, string> Failures => new()
    {
        { new NpgsqlException("Failed to connect", new SocketException((int)SocketError.ConnectionRefused)),
            DatabaseProblemKind.Unavailable,
            "Connection refused" },
        { new NpgsqlException("Exception while reading from stream", new TimeoutException()), DatabaseProblemKind.Unavailable,
            "no response in time" },
        { Of(PostgresErrorCodes.AdminShutdown), DatabaseProblemKind.Unavailable, "Start it" },
        { Of(PostgresErrorCodes.CannotConnectNow), DatabaseProblemKind.Unavailable, "57P03: text" },
        { Of(PostgresErrorCodes.DiskFull), DatabaseProblemKind.Full, "Free space" },
        { Of(PostgresErrorCodes.TooManyConnections), DatabaseProblemKind.NoConnectionLeft, "max_connections" },
        { Of(PostgresErrorCodes.ReadOnlySqlTransaction), DatabaseProblemKind.ReadOnly, "primary" },
        { Of(PostgresErrorCodes.SerializationFailure), DatabaseProblemKind.Conflict, "another session" },
        { Of(PostgresErrorCodes.InvalidPassword), DatabaseProblemKind.NoAccess, "Check user, password" },
        { Of(PostgresErrorCodes.InsufficientPrivilege), DatabaseProblemKind.NoAccess,
            "does not let u do this (42501: text). The login lacks a right. As a superuser, or as the creator of the roles, run GRANT "
                + "cloudticks_writer TO u" },
        { Of(PostgresErrorCodes.InvalidCatalogName), DatabaseProblemKind.NoAccess, "Check user, password and database" },
        { Of(PostgresErrorCodes.ConfigurationLimitExceeded), DatabaseProblemKind.Refused,
            "max_tuples_decompressed_per_dml_transaction = 0" },
        { Of(PostgresErrorCodes.UndefinedTable), DatabaseProblemKind.Refused, "database market of PostgreSQL at db:5433" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void Failure_names_the_remedy(NpgsqlException failure, DatabaseProblemKind kind, string expected)
    {
        var problem = DatabaseProblem.Of(failure, ConnectionString);

        problem.Kind.ShouldBe(kind);
        problem.Text.ShouldContain("db:5433");
        problem.Text.ShouldContain(expected);
        problem.Text.ShouldNotContain("canary");
    }

    private static PostgresException Of(string sqlState) => new("text", "ERROR", "ERROR", sqlState);
}
