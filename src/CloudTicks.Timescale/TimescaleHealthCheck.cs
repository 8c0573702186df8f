using CloudTicks.Timescale.Schema;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace CloudTicks.Timescale;

/// <summary>Healthy when the database answers and has the schema of this program.</summary>
internal sealed class TimescaleHealthCheck(NpgsqlDataSource database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            var pending = await SchemaState.GetPendingAsync(connection, Migration.All, cancellationToken);
            return pending.Count == 0
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"Database {connection.Database} lacks {pending.Count} migrations, the first {pending[0].Name}.");
        }
        catch (Exception problem) when (problem is NpgsqlException or SchemaException)
        {
            return HealthCheckResult.Unhealthy(problem.Message, problem);
        }
    }
}
