using Npgsql;

namespace CloudTicks.CentralHub.Store.Reports;

/// <summary>Ticks that each process had refused at a rollout's step, kept so that a restarted guard counts from there.</summary>
public sealed class RolloutBaselines(NpgsqlDataSource database, TimeProvider time)
{
    private const string Forget = "DELETE FROM rollout_baselines WHERE service = $1 AND version <> ALL ($2)";

    /// <summary>Whoever counts fewer than before has started anew, and everything that it counts came since.</summary>
    private const string Keep =
        """
        INSERT INTO rollout_baselines AS known (service, version, instance, refused_ticks)
        SELECT $1, $2, * FROM unnest($3::text[], $4::double precision[])
        ON CONFLICT (service, version, instance) DO UPDATE
        SET refused_ticks = CASE WHEN excluded.refused_ticks < known.refused_ticks THEN 0 ELSE known.refused_ticks END
        RETURNING instance, refused_ticks
        """;

    /// <summary>What each process had refused when it was first asked for after a step.</summary>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public Task<IReadOnlyDictionary<string, double>> KeepAsync(
        string service, int version, IReadOnlyDictionary<string, double> refused, CancellationToken cancellationToken) =>
        DatabaseQuestion.AskAsync<IReadOnlyDictionary<string, double>>(
            database, time,
            async (connection, token) =>
            {
                await using var command = new NpgsqlCommand(Keep, connection) { CommandTimeout = DatabaseQuestion.TimeLimit };
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = service });
                command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = version });
                command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. refused.Keys] });
                command.Parameters.Add(new NpgsqlParameter<double[]> { TypedValue = [.. refused.Values] });
                await using var row = await command.ExecuteReaderAsync(token);
                var before = new Dictionary<string, double>();
                while (await row.ReadAsync(token))
                {
                    before[row.GetString(0)] = row.GetDouble(1);
                }

                return before;
            },
            cancellationToken);

    /// <summary>Forgets all but the steps that are watched.</summary>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public Task ForgetAsync(
        string service, IReadOnlyCollection<int> versions, CancellationToken cancellationToken) => DatabaseQuestion.AskAsync(
        database, time,
        async (connection, token) =>
        {
            await using var command = new NpgsqlCommand(Forget, connection) { CommandTimeout = DatabaseQuestion.TimeLimit };
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = service });
            command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. versions] });
            return await command.ExecuteNonQueryAsync(token);
        },
        cancellationToken);
}
