using CloudTicks.CentralHub.Access;
using CloudTicks.Functions.Access;
using CloudTicks.Functions.Configuring;
using CloudTicks.Functions.Disks;
using CloudTicks.Functions.Querying;
using CloudTicks.Timescale;
using CloudTicks.Timescale.Retention;
using CloudTicks.Timescale.Roles;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudTicks.Functions.Retaining;

/// <summary>Serves the retention status of the table, and runs retention.</summary>
public sealed class TableRetentionHandler(
    TableRetention retention, IOptionsMonitor<TimescaleOptions> options, DiskStates disks, ReadingDatabase reading, QuerySlots slots,
    TimeProvider time,
    ILogger<TableRetentionHandler> logger)
{
    /// <summary>Returns the table's retention status.</summary>
    public IActionResult GetStatus(HttpRequest request)
    {
        return new QueryParameters(request.Query).Refusal()
            ?? (IActionResult)new QueryResponse(slots, async (context, cancellationToken) =>
        {
            await using var connection = await reading.OpenAsync(cancellationToken);
            var status = await TableRetentionStatus.ReadAsync(connection, options.CurrentValue.RetentionWindow, time, cancellationToken);
            await TableRetentionJson.Of(status, retention.Last, disks.All, time.GetUtcNow()).ExecuteResultAsync(context);
        });
    }

    /// <summary>Runs retention when the timer fires. Does nothing while another program runs it.</summary>
    public async Task EnforceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await retention.EnforceAsync(cancellationToken);
        }
        catch (TableRetentionBusyException busy)
        {
            logger.RetentionAlreadyRunning(busy.Message);
        }
    }

    /// <summary>Runs retention on request.</summary>
    /// <param name="request"><c>dry_run</c>, false by default.</param>
    /// <returns>What was or would be dropped; 409 when another program is running retention.</returns>
    public async Task<IActionResult> RunAsync(HttpRequest request, Caller caller, CancellationToken cancellationToken)
    {
        var parameters = new QueryParameters(request.Query, PollParameters.DryRunName, PollParameters.OldDryRunName);
        var isDryRun = parameters.DryRun();
        return parameters.Refusal() ?? await DatabaseResponses.RespondAsync(request, logger, async () =>
        {
            try
            {
                var result = isDryRun ? await retention.DryRunAsync(cancellationToken) : await retention.EnforceAsync(cancellationToken);
                if (!isDryRun)
                {
                    logger.RetentionRequested(caller.Name, result.Dropped.Count);
                }

                return TableRetentionJson.Of(result);
            }
            catch (TableRetentionBusyException busy)
            {
                return JsonResponse.Problem(new ProblemDetails
                {
                    Title = "Retention is already running.",
                    Status = StatusCodes.Status409Conflict,
                    Detail = busy.Message,
                });
            }
        });
    }
}
