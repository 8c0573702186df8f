using Npgsql;

namespace CloudTicks.CentralHub.Store.Access;

/// <summary>
/// The table <c>access_keys</c>, which contains hashed keys. Each change is written to the audit log in the same transaction.
/// </summary>
public sealed class AccessKeyTable(NpgsqlDataSource database)
{
    /// <summary>Maximum number of valid keys.</summary>
    public const int MaxKeys = 1_000;

    private const int TimeoutSeconds = 10;
    private const string Columns = "id, name, role, hash, created_ms, created_by, revoked_ms, revoked_by";

    /// <summary>Reads the valid keys.</summary>
    /// <returns>At most <see cref="MaxKeys"/> keys; a few more if keys were added concurrently.</returns>
    /// <exception cref="NpgsqlException">The database does not answer in time.</exception>
    public Task<IReadOnlyList<AccessKeyRow>> ReadValidAsync(CancellationToken cancellationToken) =>
        ReadAsync($"SELECT {Columns} FROM access_keys WHERE revoked_ms IS NULL", cancellationToken);

    /// <summary>Reads all keys, including revoked ones, newest first.</summary>
    /// <param name="limit">Maximum number of keys, at least 1.</param>
    /// <exception cref="NpgsqlException">The database does not answer in time.</exception>
    public Task<IReadOnlyList<AccessKeyRow>> ListAsync(int limit, CancellationToken cancellationToken) => ReadAsync(
        $"SELECT {Columns} FROM access_keys ORDER BY created_ms DESC, id LIMIT $1", cancellationToken,
        new NpgsqlParameter<int> { TypedValue = limit });

    /// <summary>Adds a key.</summary>
    /// <param name="cancellationToken">Cancels the call; the key may have been added nevertheless.</param>
    /// <exception cref="NpgsqlException">The database does not answer, or refuses the statement.</exception>
    public async Task<KeyAddition> AddAsync(AccessKeyRow key, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = Command(
            connection,
            $"""
            INSERT INTO access_keys (id, name, role, hash, created_ms, created_by) SELECT $1, $2, $3, $4, $5, $6
            WHERE (SELECT count(*) FROM access_keys WHERE revoked_ms IS NULL) < {MaxKeys}
            """,
            new NpgsqlParameter<string> { TypedValue = key.Id },
            new NpgsqlParameter<string> { TypedValue = key.Name },
            new NpgsqlParameter<string> { TypedValue = key.Role },
            new NpgsqlParameter<byte[]> { TypedValue = key.Hash.ToArray() },
            new NpgsqlParameter<long> { TypedValue = key.CreatedMs },
            new NpgsqlParameter<string> { TypedValue = key.CreatedBy });
        try
        {
            if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
            {
                return KeyAddition.TooMany;
            }
        }
        catch (PostgresException taken) when (taken is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "access_keys_name" })
        {
            return KeyAddition.NameTaken;
        }

        var entry = new AuditEntry(key.CreatedMs, key.CreatedBy, "key.create", Subject(key.Id), $"{key.Name}, {key.Role}");
        await AuditLog.AddAsync(connection, entry, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return KeyAddition.Added;
    }

    /// <summary>Revokes a key permanently. A key that is already revoked does not change.</summary>
    /// <param name="atMs">Time of the revocation, Unix ms, UTC.</param>
    /// <param name="cancellationToken">Cancels the call; the key may have been revoked nevertheless.</param>
    /// <returns>The key; null when it does not exist.</returns>
    /// <exception cref="NpgsqlException">The database does not answer, or refuses the statement.</exception>
    public async Task<AccessKeyRow?> RevokeAsync(string id, string by, long atMs, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var command = Command(
            connection,
            "UPDATE access_keys SET revoked_ms = $2, revoked_by = $3 WHERE id = $1 AND revoked_ms IS NULL RETURNING name",
            new NpgsqlParameter<string> { TypedValue = id },
            new NpgsqlParameter<long> { TypedValue = atMs },
            new NpgsqlParameter<string> { TypedValue = by }))
        {
            if (await command.ExecuteScalarAsync(cancellationToken) is string name)
            {
                await AuditLog.AddAsync(connection, new AuditEntry(atMs, by, "key.revoke", Subject(id), name), cancellationToken);
            }
        }

        await transaction.CommitAsync(cancellationToken);
        return (await ReadAsync(
            $"SELECT {Columns} FROM access_keys WHERE id = $1", cancellationToken, new NpgsqlParameter<string> { TypedValue = id }))
            .SingleOrDefault();
    }

    private static string Subject(string id) => $"key {id}";

    private async Task<IReadOnlyList<AccessKeyRow>> ReadAsync(
        string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = Command(connection, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var keys = new List<AccessKeyRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            keys.Add(new AccessKeyRow(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<byte[]>(3), reader.GetInt64(4),
                reader.GetString(5), reader.GetFieldValue<long?>(6), reader.IsDBNull(7) ? null : reader.GetString(7)));
        }

        return keys;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = TimeoutSeconds };
        command.Parameters.AddRange(parameters);
        return command;
    }
}
