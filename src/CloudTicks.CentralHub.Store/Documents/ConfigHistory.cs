using Npgsql;

namespace CloudTicks.CentralHub.Store.Documents;

/// <summary>Reads the versions of documents.</summary>
public sealed class ConfigHistory(NpgsqlDataSource database, TimeProvider time)
{
    private const string Columns = "service, version, document, action, author, comment, changes, created_ms";

    private const string SelectNewest = $"SELECT {Columns} FROM config_versions WHERE service = $1 ORDER BY version DESC LIMIT 1";
    private const string SelectVersion = $"SELECT {Columns} FROM config_versions WHERE service = $1 AND version = $2";

    private const string SelectVersions =
        $"SELECT {Columns} FROM config_versions WHERE service = $1 AND ($2::integer IS NULL OR version < $2) "
        + "ORDER BY version DESC LIMIT $3";

    /// <summary>Reads the newest version of a service's document.</summary>
    /// <exception cref="NpgsqlException">The database does not answer in time.</exception>
    public Task<ConfigVersion?> NewestAsync(string service, CancellationToken cancellationToken) =>
        DatabaseQuery.RunAsync(database, time, (connection, token) => NewestAsync(connection, service, token), cancellationToken);

    /// <summary>Reads one version.</summary>
    /// <exception cref="NpgsqlException">The database does not answer in time.</exception>
    public Task<ConfigVersion?> FindAsync(string service, int version, CancellationToken cancellationToken) => DatabaseQuery.RunAsync(
        database, time,
        async (connection, token) =>
        {
            await using var command = Command(connection, SelectVersion, service);
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = version });
            return (await ReadAsync(command, token)).SingleOrDefault();
        },
        cancellationToken);

    /// <summary>Reads versions, newest first.</summary>
    /// <param name="before">Only versions with a lower number; null for all.</param>
    /// <param name="limit">Maximum number of versions, at least 1.</param>
    /// <exception cref="NpgsqlException">The database does not answer in time.</exception>
    public Task<IReadOnlyList<ConfigVersion>> ListAsync(
        string service, int? before, int limit, CancellationToken cancellationToken) => DatabaseQuery.RunAsync(
        database, time,
        async (connection, token) =>
        {
            await using var command = Command(connection, SelectVersions, service);
            command.Parameters.Add(new NpgsqlParameter<int?> { TypedValue = before });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
            return await ReadAsync(command, token);
        },
        cancellationToken);

    internal static async Task<ConfigVersion?> NewestAsync(NpgsqlConnection connection, string service, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, SelectNewest, service);
        return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, string service) => new(sql, connection)
    {
        CommandTimeout = DatabaseQuery.TimeoutSeconds,
        Parameters = { new NpgsqlParameter<string> { TypedValue = service } },
    };

    private static async Task<IReadOnlyList<ConfigVersion>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var versions = new List<ConfigVersion>();
        while (await row.ReadAsync(cancellationToken))
        {
            versions.Add(new ConfigVersion(
                row.GetString(0), row.GetInt32(1), row.GetString(2), row.GetString(3), row.GetString(4),
                row.IsDBNull(5) ? null : row.GetString(5), row.GetFieldValue<string[]>(6), row.GetInt64(7)));
        }

        return versions;
    }
}
