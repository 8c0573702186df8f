using Npgsql;

namespace CloudTicks.CentralHub.Store.Documents;

/// <summary>
/// The steps of every transaction that changes a service: set timeouts, lock its row in <c>config_heads</c>, execute, commit.
/// </summary>
internal static class HubTransaction
{
    /// <summary>The channel of PostgreSQL notifications. The payload is the service's name.</summary>
    public const string Channel = "cloudticks_config";

    private const int MaxDetailLength = 4_000;

    /// <summary>Limits the wait for the lock. <see cref="SetIdleTimeout"/> ends the transaction of a hung writer.</summary>
    private const string SetLockTimeout = "SET LOCAL lock_timeout = '4s'";

    private const string SetIdleTimeout = "SET LOCAL idle_in_transaction_session_timeout = '10s'";

    private const string EnsureHead = "INSERT INTO config_heads (service, version) VALUES ($1, 0) ON CONFLICT DO NOTHING";
    private const string LockHead = "SELECT version FROM config_heads WHERE service = $1 FOR UPDATE";
    private const string UpdateHead = "UPDATE config_heads SET version = $2 WHERE service = $1";

    private const string Insert =
        "INSERT INTO config_versions (service, version, document, action, author, comment, changes, created_ms) "
        + "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

    private const string Audit = "INSERT INTO audit_log (at_ms, author, action, subject, detail) VALUES ($1, $2, $3, $4, $5)";
    private const string Notify = $"SELECT pg_notify('{Channel}', $1)";

    private static readonly TimeSpan CommitTimeout = TimeSpan.FromSeconds(DatabaseQuery.TimeoutSeconds);

    /// <summary>Locks the service's row.</summary>
    /// <param name="before">A statement to execute before the lock.</param>
    /// <returns>The number of the newest version; 0 if there is none.</returns>
    public static async Task<int> LockAsync(
        NpgsqlConnection connection, string service, CancellationToken cancellationToken, string? before = null)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = DatabaseQuery.TimeoutSeconds };
        foreach (var sql in (string?[])[SetLockTimeout, SetIdleTimeout, before])
        {
            if (sql is not null)
            {
                batch.BatchCommands.Add(Command(sql));
            }
        }

        batch.BatchCommands.Add(Command(EnsureHead, Value(service)));
        batch.BatchCommands.Add(Command(LockHead, Value(service)));
        return (int)(await batch.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Returns the statements that write a version.</summary>
    public static IEnumerable<NpgsqlBatchCommand> WriteStatements(ConfigVersion version) =>
    [
        Command(
            Insert, Value(version.Service), Value(version.Version), Value(version.Document), Value(version.Action),
            Value(version.Author), Value(version.Comment), Value(version.Changes.ToArray()), Value(version.CreatedMs)),
        Command(UpdateHead, Value(version.Service), Value(version.Version)),
    ];

    /// <summary>Executes the statements of a change, with its audit log entry and its notification.</summary>
    public static async Task ExecuteAsync(
        NpgsqlConnection connection, string service, IEnumerable<NpgsqlBatchCommand> statements, ChangeRecord record,
        CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = DatabaseQuery.TimeoutSeconds };
        var detail = record.Detail.Length <= MaxDetailLength ? record.Detail
            : string.Concat(record.Detail.AsSpan(0, MaxDetailLength), "...");
        foreach (var statement in (IEnumerable<NpgsqlBatchCommand>)
        [
            .. statements,
            Command(
                Audit, Value(record.AtMs), Value(record.Author), Value(record.Action), Value(record.Subject), Value(detail)),
            Command(Notify, Value(service)),
        ])
        {
            batch.BatchCommands.Add(statement);
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Commits. A disconnected caller does not cancel the commit, because the outcome would then be unknown.</summary>
    /// <param name="what">The change, for the message: "version 3 of mailer".</param>
    /// <exception cref="ConfigCommitException">The connection broke, or the database did not respond in time.</exception>
    public static async Task CommitAsync(NpgsqlTransaction transaction, string what, TimeProvider time)
    {
        using var timeout = new CancellationTokenSource(CommitTimeout, time);
        try
        {
            await transaction.CommitAsync(timeout.Token);
        }
        catch (OperationCanceledException exception)
        {
            throw new ConfigCommitException(what, exception);
        }
        catch (NpgsqlException broken) when (DatabaseQuery.IsConnectionBroken(broken) || broken.InnerException is TimeoutException)
        {
            throw new ConfigCommitException(what, broken);
        }
    }

    public static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    public static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };
}

/// <summary>An audit log entry.</summary>
internal sealed record ChangeRecord(long AtMs, string Author, string Action, string Subject, string Detail);
