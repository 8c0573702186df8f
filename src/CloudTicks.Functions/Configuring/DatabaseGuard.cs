using CloudTicks.CentralHub.Store.Documents;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CloudTicks.Functions.Configuring;

/// <summary>Responds with a problem while the database is unavailable, and logs each outage once.</summary>
public sealed class DatabaseGuard(ConfigMetrics metrics, ILogger<DatabaseGuard> logger)
{
    private int _isUnavailable;

    internal async Task<IActionResult> RespondAsync(Func<Task<IActionResult>> handle)
    {
        try
        {
            var result = await handle();
            if (Interlocked.Exchange(ref _isUnavailable, 0) == 1)
            {
                logger.DatabaseRecovered();
            }

            return result;
        }
        catch (UnknownServiceException problem)
        {
            return ConfigProblems.UnknownService(problem.Message);
        }
        catch (PostgresException problem) when (problem.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // The first start is still creating the tables, which is not an outage.
            metrics.Unanswered();
            return ConfigProblems.Unavailable();
        }
        catch (NpgsqlException problem)
        {
            LogProblem(problem.Message);
            return ConfigProblems.Unavailable();
        }
        catch (ConfigCommitException problem)
        {
            LogProblem(problem.Message);
            return ConfigProblems.CommitUnknown();
        }
    }

    private void LogProblem(string problem)
    {
        metrics.Unanswered();
        if (Interlocked.Exchange(ref _isUnavailable, 1) == 0)
        {
            logger.NotAnswered(problem);
        }
    }
}
