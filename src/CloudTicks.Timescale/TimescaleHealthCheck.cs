using CloudTicks.Timescale.Schema;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace CloudTicks.Timescale;

/// <summary>Healthy when the database answers and has the schema of this program.</summary>
internal sealed class TimescaleHealthCheck(NpgsqlDataSource database, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            // A question to a hung server is not even cancelled in time: it ends by itself, by the timeouts of the connection.
            return await AskAsync(cancellationToken).WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException late)
        {
            return HealthCheckResult.Unhealthy($"The database has not answered within {Patience.TotalSeconds:0} s.", late);
        }
    }

    private async Task<HealthCheckResult> AskAsync(CancellationToken cancellationToken)
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
