using CloudTicks.Foundations;
using CloudTicks.Timescale;
using CloudTicks.Timescale.Roles;
using CloudTicks.Timescale.Schema;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CloudTicks.Functions.Storing;

/// <summary>
/// Migrates the database as soon as it answers, and checks it periodically. While the schema is wrong, storing and other work that needs
/// the schema wait; the rest continues.
/// </summary>
internal sealed class SchemaWatch(
    SchemaMigrator migrator, SchemaReadiness readiness, [FromKeyedServices(DatabaseRole.Owner)] NpgsqlDataSource database,
    TimeProvider time,
    ILogger<SchemaWatch> logger)
    : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(10);

    private readonly OutageLog _outage = new(time);
    private object? _cause;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await CheckAsync(stoppingToken);
            await Task.Delay(readiness.IsReady ? PollInterval : RetryDelay, time, stoppingToken);
        }
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await migrator.MigrateAsync(cancellationToken);
            readiness.Set();
            if (_outage.End(out _))
            {
                logger.DatabaseReady();
            }
        }
        catch (SchemaException wrong)
        {
            readiness.Reset(wrong.Message);
            OnProblem(wrong.Message, wrong.Message);
        }
        catch (NpgsqlException) when (readiness.IsReady)
        {
            // Keep the result of the last check: StoreTicks reports that the database is unavailable.
        }
        catch (NpgsqlException failure)
        {
            var problem = DatabaseProblem.Of(failure, database.ConnectionString);
            readiness.Reset(problem.Text);
            OnProblem(problem.Kind, problem.Text);
        }
    }

    private void OnProblem(object cause, string text)
    {
        var isNewCause = !cause.Equals(_cause);
        _cause = cause;
        if (_outage.Failed(out _, isNewCause) != OutageNotice.None)
        {
            logger.DatabaseNotReady(text);
        }
    }
}
