using CloudTicks.Timescale.Schema;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace CloudTicks.Timescale;

/// <summary>Healthy when the database responds and is migrated.</summary>
internal sealed class TimescaleHealthCheck(NpgsqlDataSource database, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            // A hung server does not process a cancellation in time either, so do not wait for the query, which ends by its own timeouts.
            return await QueryAsync(cancellationToken).WaitAsync(Timeout, time, cancellationToken);
        }
        catch (TimeoutException late)
        {
            return HealthCheckResult.Unhealthy($"The database did not respond within {Timeout.TotalSeconds:0} s.", late);
        }
    }

    private async Task<HealthCheckResult> QueryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            var pending = await SchemaState.GetPendingAsync(connection, Migration.All, cancellationToken);
            return pending.Count == 0
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy(
                    $"Database {connection.Database} lacks {pending.Count} migrations, the first {pending[0].Name}.");
        }
        catch (SchemaException problem)
        {
            return HealthCheckResult.Unhealthy(problem.Message, problem);
        }
        catch (NpgsqlException problem)
        {
            return HealthCheckResult.Unhealthy(DatabaseProblem.Of(problem, database.ConnectionString).Text, problem);
        }
    }
}
