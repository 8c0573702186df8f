using Npgsql;

namespace CloudTicks.CentralHub.Store.Access;

/// <summary>The append-only table <c>audit_log</c>. Each row is written in the transaction of its change.</summary>
public sealed class AuditLog(NpgsqlDataSource database)
{
    private const int TimeoutSeconds = 20;

    /// <summary>Adds a row in the connection's current transaction, so that no change is committed without its entry.</summary>
    /// <exception cref="NpgsqlException">The database does not answer, or refuses the statement.</exception>
    public static async Task AddAsync(NpgsqlConnection connection, AuditEntry entry, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "INSERT INTO audit_log (at_ms, author, action, subject, detail) VALUES ($1, $2, $3, $4, $5)", connection)
        {
            Parameters =
            {
                new NpgsqlParameter<long> { TypedValue = entry.AtMs },
                new NpgsqlParameter<string> { TypedValue = entry.Author },
                new NpgsqlParameter<string> { TypedValue = entry.Action },
                new NpgsqlParameter<string> { TypedValue = entry.Subject },
                new NpgsqlParameter<string?> { TypedValue = entry.Detail },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Reads rows, newest first.</summary>
    /// <param name="before">Only rows with a smaller id; null for all.</param>
    /// <param name="limit">Maximum number of rows, at least 1.</param>
    /// <exception cref="NpgsqlException">The database does not answer in time.</exception>
    public async Task<IReadOnlyList<AuditEntry>> ReadAsync(long? before, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT at_ms, author, action, subject, detail, id FROM audit_log "
            + "WHERE $1::bigint IS NULL OR id < $1 ORDER BY id DESC LIMIT $2");
        command.CommandTimeout = TimeoutSeconds;
        command.Parameters.Add(new NpgsqlParameter<long?> { TypedValue = before });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var entries = new List<AuditEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            entries.Add(new AuditEntry(
                reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetString(4), reader.GetInt64(5)));
        }

        return entries;
    }
}
