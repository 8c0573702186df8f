using Npgsql;

namespace CloudTicks.CentralHub.Store.Reports;

/// <summary>
/// Stores how many ticks each process had refused when a rollout step began, so that a restarted guard continues the count.
/// </summary>
public sealed class RolloutBaselines(NpgsqlDataSource database, TimeProvider time)
{
    private const string Delete = "DELETE FROM rollout_baselines WHERE service = $1 AND version <> ALL ($2)";

    /// <summary>
    /// Stores a process's first count. If the process later reports a lower count, it was restarted and counts from 0 again, so its stored
    /// count becomes 0.
    /// </summary>
    private const string Upsert =
        """
        INSERT INTO rollout_baselines AS known (service, version, instance, refused_ticks)
        SELECT $1, $2, * FROM unnest($3::text[], $4::double precision[])
        ON CONFLICT (service, version, instance) DO UPDATE
        SET refused_ticks = CASE WHEN excluded.refused_ticks < known.refused_ticks THEN 0 ELSE known.refused_ticks END
        RETURNING instance, refused_ticks
        """;

    /// <summary>
    /// Stores the first count of each process after a step. Returns the stored counts, by process; 0 for a process that has restarted
    /// since.
    /// </summary>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public Task<IReadOnlyDictionary<string, double>> GetOrAddAsync(
        string service, int version, IReadOnlyDictionary<string, double> refused, CancellationToken cancellationToken) =>
        DatabaseQuery.RunAsync<IReadOnlyDictionary<string, double>>(
            database, time,
            async (connection, token) =>
            {
                await using var command = new NpgsqlCommand(Upsert, connection) { CommandTimeout = DatabaseQuery.TimeoutSeconds };
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = service });
                command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = version });
                command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. refused.Keys] });
                command.Parameters.Add(new NpgsqlParameter<double[]> { TypedValue = [.. refused.Values] });
                await using var row = await command.ExecuteReaderAsync(token);
                var baselines = new Dictionary<string, double>();
                while (await row.ReadAsync(token))
                {
                    baselines[row.GetString(0)] = row.GetDouble(1);
                }

                return baselines;
            },
            cancellationToken);

    /// <summary>Deletes the baselines of all steps that are no longer watched.</summary>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public Task DeleteExceptAsync(
        string service, IReadOnlyCollection<int> versions, CancellationToken cancellationToken) => DatabaseQuery.RunAsync(
        database, time,
        async (connection, token) =>
        {
            await using var command = new NpgsqlCommand(Delete, connection) { CommandTimeout = DatabaseQuery.TimeoutSeconds };
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = service });
            command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. versions] });
            return await command.ExecuteNonQueryAsync(token);
        },
        cancellationToken);
}
