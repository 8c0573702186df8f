using CloudTicks.Timescale.Schema;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CloudTicks.Functions.Storing;

/// <summary>Brings the database to the schema of this program, as soon as the database is there.</summary>
internal sealed class SchemaPreparation(
    SchemaMigrator migrator, SchemaReadiness readiness, IHostApplicationLifetime application, TimeProvider time, ILogger<SchemaPreparation> logger)
    : BackgroundService
{
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);

    private string? _lastProblem;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!await TryMigrateAsync(stoppingToken))
            {
                await Task.Delay(BetweenAttempts, time, stoppingToken);
            }

            readiness.Set();
        }
        catch (SchemaException wrong)
        {
            // Waiting does not mend it: the program ends, so that whoever started it sees it.
            logger.SchemaWrong(wrong.Message);
            Environment.ExitCode = 1;
            application.StopApplication();
        }
    }

    /// <summary>False when the database is away, or refuses for a reason that its operator can mend while this program waits.</summary>
    private async Task<bool> TryMigrateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await migrator.MigrateAsync(cancellationToken);
            return true;
        }
        catch (NpgsqlException problem)
        {
            if (_lastProblem != problem.Message)
            {
                _lastProblem = problem.Message;
                logger.DatabaseNotReady(problem.Message);
            }

            return false;
        }
    }
}
