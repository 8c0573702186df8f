using System.Globalization;
using CloudTicks.Lake.Reading;
using CloudTicks.Timescale.Queries;
using CloudTicks.Timescale.Roles;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CloudTicks.Functions.Querying;

/// <summary>
/// Limits queries of the table to four at a time, so that they do not slow down the writer; others wait at most 10 s. A query is limited
/// to a minute, however slowly its client reads.
/// </summary>
public sealed class QuerySlots(TimeProvider time, ILogger<QuerySlots> logger) : IDisposable
{
    private const int MaxConcurrentQueries = 4;
    private const int RetryAfterSeconds = 2;

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _slots = new(MaxConcurrentQueries);

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();

    /// <summary>
    /// Writes the response, or a problem. If the response is cut short, the connection is aborted, so that the client does not mistake it
    /// for complete.
    /// </summary>
    internal async Task ServeAsync(ActionContext context, Func<ActionContext, CancellationToken, Task> respond)
    {
        var http = context.HttpContext;
        if (!await _slots.WaitAsync(MaxWait, http.RequestAborted))
        {
            logger.QueryFailed($"none of the {MaxConcurrentQueries} query slots became available within {MaxWait.TotalSeconds:0} s");
            await RefuseAsync(context, "Too many queries are running: try again.", RetryAfterSeconds, "All query slots are in use.");
            return;
        }

        using var timeout = new CancellationTokenSource(MaxDuration, time);
        using var linkedCancellation = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, http.RequestAborted);
        try
        {
            await respond(context, linkedCancellation.Token);
        }
        catch (Exception problem) when (
            problem is NpgsqlException or CountingException or LakeUnavailableException
                or OperationCanceledException && !http.RequestAborted.IsCancellationRequested)
        {
            logger.QueryFailed(problem.Message);
            if (http.Response.HasStarted)
            {
                http.Abort();
                return;
            }

            await RefuseAsync(context, problem);
        }
        finally
        {
            _slots.Release();
        }
    }

    private static Task RefuseAsync(ActionContext context, Exception problem) => problem switch
    {
        CountingException => RefuseAsync(context, problem.Message, RetryAfterSeconds, "The ticks are still being counted."),
        LakeUnavailableException lake => RefuseAsync(
            context, lake.Message, lake.IsTransient ? RetryAfterSeconds : null, "The ticks could not be read from the lake."),
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => RefuseLongQueryAsync(context, ReadingDatabase.TimeLimit),
        OperationCanceledException => RefuseLongQueryAsync(context, MaxDuration),
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable } =>
            RefuseAsync(
                context, "The database has no table of ticks yet. Try again later.", RetryAfterSeconds, "The table does not exist yet."),
        _ => RefuseAsync(
            context, "The database is unavailable, or refuses the query: try again later. /health of the functions has details.",
            RetryAfterSeconds),
    };

    private static Task RefuseLongQueryAsync(ActionContext context, TimeSpan limit) => RefuseAsync(
        context, $"The query takes longer than {limit.TotalSeconds:0} s: request a shorter time range.", null, "The query takes too long.");

    private static Task RefuseAsync(
        ActionContext context, string detail, int? retryAfterSeconds, string title = "The database did not run the query.")
    {
        var response = context.HttpContext.Response;
        response.Headers.Clear();
        if (retryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return JsonResponse.Problem(new ProblemDetails
        {
            Title = title,
            Status = StatusCodes.Status503ServiceUnavailable,
            Detail = detail,
        }).ExecuteResultAsync(context);
    }
}
