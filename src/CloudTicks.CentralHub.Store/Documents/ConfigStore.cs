using Npgsql;

namespace CloudTicks.CentralHub.Store.Documents;

/// <summary>
/// Writes versions of documents. Whoever writes one holds the lock of the service's row from before he reads the newest, so that of two
/// writers the second sees what the first wrote; the audit log has the change in the same transaction, and those who listen are told of it
/// by the same commit.
/// </summary>
public sealed class ConfigStore(NpgsqlDataSource database, TimeProvider time)
{
    internal const string Channel = "cloudticks_config";

    private const int MostDetail = 4_000;

    private static readonly TimeSpan CommitLimit = TimeSpan.FromSeconds(DatabaseQuestion.TimeLimit);

    /// <summary>A writer that hangs loses its lock, and one that waits for it does not wait for ever.</summary>
    private const string LimitWait = "SET LOCAL lock_timeout = '4s'";

    private const string LimitHold = "SET LOCAL idle_in_transaction_session_timeout = '10s'";

    private const string EnsureHead = "INSERT INTO config_heads (service, version) VALUES ($1, 0) ON CONFLICT DO NOTHING";
    private const string LockHead = "SELECT version FROM config_heads WHERE service = $1 FOR UPDATE";
    private const string MoveHead = "UPDATE config_heads SET version = $2 WHERE service = $1";

    private const string Insert =
        "INSERT INTO config_versions (service, version, document, action, author, comment, changes, created_ms) "
        + "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

    private const string Audit = "INSERT INTO audit_log (at_ms, author, action, subject, detail) VALUES ($1, $2, $3, $4, $5)";
    private const string Notify = $"SELECT pg_notify('{Channel}', $1)";

    /// <summary>Makes the next version of a document.</summary>
    /// <param name="decide">Told the newest version, null when there is none yet; gives the next, or null when nothing is to be
    /// written.</param>
    /// <param name="cancellationToken">Ends it; nothing is written then, unless it is being committed.</param>
    /// <returns>The version that was written; null when none was.</returns>
    /// <exception cref="NpgsqlException">The database does not answer, or refuses; nothing was written.</exception>
    /// <exception cref="ConfigCommitException">The connection broke at the commit: it is not known whether the version was
    /// written.</exception>
    public async Task<ConfigVersion?> ChangeAsync(
        string service, Func<ConfigVersion?, Task<NewConfigVersion?>> decide, CancellationToken cancellationToken)
    {
        // Nothing is committed before the last step, so that the whole of it may be done twice.
        return await DatabaseQuestion.AskAsync(
            database, time, (connection, token) => ChangeAsync(connection, service, decide, token), cancellationToken);
    }

    private async Task<ConfigVersion?> ChangeAsync(
        NpgsqlConnection connection, string service, Func<ConfigVersion?, Task<NewConfigVersion?>> decide,
        CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var head = await LockAsync(connection, service, cancellationToken);
        var newest = await ConfigHistory.NewestAsync(connection, service, cancellationToken);
        if (await decide(newest) is not { } next)
        {
            return null;
        }

        var version = new ConfigVersion(
            service, Math.Max(head, newest?.Version ?? 0) + 1, next.Document, next.Action, next.Author, next.Comment, next.Changes,
            time.GetUtcNow().ToUnixTimeMilliseconds());
        await WriteAsync(connection, version, cancellationToken);
        await CommitAsync(transaction, version);
        return version;
    }

    private static async Task<int> LockAsync(NpgsqlConnection connection, string service, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            Timeout = DatabaseQuestion.TimeLimit,
            BatchCommands =
            {
                Command(LimitWait), Command(LimitHold), Command(EnsureHead, Value(service)), Command(LockHead, Value(service)),
            },
        };
        return (int)(await batch.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task WriteAsync(NpgsqlConnection connection, ConfigVersion version, CancellationToken cancellationToken)
    {
        var detail = string.Join("; ", version.Comment is null ? version.Changes : [version.Comment, .. version.Changes]);
        await using var batch = new NpgsqlBatch(connection)
        {
            Timeout = DatabaseQuestion.TimeLimit,
            BatchCommands =
            {
                Command(
                    Insert, Value(version.Service), Value(version.Version), Value(version.Document), Value(version.Action),
                    Value(version.Author), Value(version.Comment), Value(version.Changes.ToArray()), Value(version.CreatedMs)),
                Command(MoveHead, Value(version.Service), Value(version.Version)),
                Command(
                    Audit, Value(version.CreatedMs), Value(version.Author), Value($"config.{version.Action}"),
                    Value($"{version.Service} {version.Version}"),
                    Value(detail.Length <= MostDetail ? detail : string.Concat(detail.AsSpan(0, MostDetail), "..."))),
                Command(Notify, Value(version.Service)),
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Not cancelled because whoever asked goes away: nobody would know whether it was written.</summary>
    private async Task CommitAsync(NpgsqlTransaction transaction, ConfigVersion version)
    {
        using var late = new CancellationTokenSource(CommitLimit, time);
        try
        {
            await transaction.CommitAsync(late.Token);
        }
        catch (OperationCanceledException hung)
        {
            throw new ConfigCommitException(version, hung);
        }
        catch (NpgsqlException broken) when (DatabaseQuestion.IsCut(broken) || broken.InnerException is TimeoutException)
        {
            throw new ConfigCommitException(version, broken);
        }
    }

    private static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };
}
