using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace CloudTicks.CentralHub.Store.Reports;

/// <summary>The last report of each process, kept for a day.</summary>
public sealed class ServiceReports(NpgsqlDataSource database, TimeProvider time)
{
    private const int MaxInstances = 1_000;

    private static readonly TimeSpan RetentionTime = TimeSpan.FromDays(1);

    private const string Delete = "DELETE FROM service_reports WHERE service = $1 AND reported_ms < $2";

    private const string Put =
        """
        INSERT INTO service_reports AS known
            (service, instance, reported_ms, version, state, problem, figures, since_ms)
        SELECT $1, $2, $3, $4, $5, $6, $7, $3
        WHERE EXISTS (SELECT FROM service_reports WHERE service = $1 AND instance = $2)
            OR (SELECT count(*) FROM service_reports WHERE service = $1) < $8
        ON CONFLICT (service, instance) DO UPDATE
        SET (reported_ms, version, state, problem, figures, since_ms)
            = (excluded.reported_ms, excluded.version, excluded.state, excluded.problem, excluded.figures,
                CASE WHEN known.version = excluded.version THEN coalesce(known.since_ms, excluded.since_ms) ELSE excluded.since_ms END)
        """;

    private const string Read =
        """
        SELECT service, instance, reported_ms, version, state, problem, figures, since_ms FROM service_reports
        WHERE ($1::text IS NULL OR service = $1) AND reported_ms >= $2 ORDER BY service, instance
        """;

    /// <summary>Replaces the last report of the process, and deletes the service's reports that are older than a day.</summary>
    /// <returns>False when the report was not stored, because 1,000 other processes of the service, the maximum, have reports.</returns>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public Task<bool> PutAsync(ServiceReport report, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return DatabaseQuery.RunAsync(
            database, time,
            async (connection, token) =>
            {
                await using var delete = new NpgsqlCommand(Delete, connection) { CommandTimeout = DatabaseQuery.TimeoutSeconds };
                delete.Parameters.Add(new NpgsqlParameter<string> { TypedValue = report.Service });
                delete.Parameters.Add(new NpgsqlParameter<long> { TypedValue = (now - RetentionTime).ToUnixTimeMilliseconds() });
                await delete.ExecuteNonQueryAsync(token);
                await using var put = new NpgsqlCommand(Put, connection) { CommandTimeout = DatabaseQuery.TimeoutSeconds };
                put.Parameters.Add(new NpgsqlParameter<string> { TypedValue = report.Service });
                put.Parameters.Add(new NpgsqlParameter<string> { TypedValue = report.Instance });
                put.Parameters.Add(new NpgsqlParameter<long> { TypedValue = now.ToUnixTimeMilliseconds() });
                put.Parameters.Add(new NpgsqlParameter<int> { TypedValue = report.Version });
                put.Parameters.Add(new NpgsqlParameter<string> { TypedValue = report.State });
                put.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = report.Problem });
                put.Parameters.Add(new NpgsqlParameter<string>
                {
                    TypedValue = JsonSerializer.Serialize(report.Figures),
                    NpgsqlDbType = NpgsqlDbType.Jsonb,
                });
                put.Parameters.Add(new NpgsqlParameter<long> { TypedValue = MaxInstances });
                return await put.ExecuteNonQueryAsync(token) > 0;
            },
            cancellationToken);
    }

    /// <summary>Reads the reports of the last day, sorted by service and process.</summary>
    /// <param name="service">The service; null for all.</param>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public Task<IReadOnlyList<ServiceReport>> ReadAsync(
        string? service, CancellationToken cancellationToken) => DatabaseQuery.RunAsync<IReadOnlyList<ServiceReport>>(
        database, time,
        async (connection, token) =>
        {
            await using var command = new NpgsqlCommand(Read, connection) { CommandTimeout = DatabaseQuery.TimeoutSeconds };
            command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = service });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = (time.GetUtcNow() - RetentionTime).ToUnixTimeMilliseconds() });
            await using var row = await command.ExecuteReaderAsync(token);
            var reports = new List<ServiceReport>();
            while (await row.ReadAsync(token))
            {
                reports.Add(new ServiceReport(
                    row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt32(3), row.GetString(4),
                    row.IsDBNull(5) ? null : row.GetString(5),
                    JsonSerializer.Deserialize<Dictionary<string, double>>(row.GetString(6)) ?? [])
                {
                    SinceMs = row.IsDBNull(7) ? null : row.GetInt64(7),
                });
            }

            return reports;
        },
        cancellationToken);
}
