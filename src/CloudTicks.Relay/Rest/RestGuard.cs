using System.Globalization;
using CloudTicks.EventStream;
using CloudTicks.Lake.Reading;
using CloudTicks.Polygon.Serving.Rest;
using CloudTicks.Relay.Clients;
using CloudTicks.Timescale.Queries;
using CloudTicks.Timescale.Roles;
using Npgsql;
using ServiceDefaults.Access;

namespace CloudTicks.Relay.Rest;

/// <summary>
/// Guards the REST endpoints: checks the key, and returns errors in Polygon's format. The number of concurrent requests is limited, so that
/// they do not slow down the writer of the table. A request times out after a minute, even if the client is still reading.
/// </summary>
internal sealed class RestGuard(
    ClientKeys keys, RequestRates rates, AccessRefusals refusals, TimeProvider time, ILogger<RestGuard> logger)
    : IEndpointFilter, IDisposable
{
    private const int MaxConcurrentRequests = 4;
    private const int RetryAfterSeconds = 2;

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _slots = new(MaxConcurrentRequests);

    public void Dispose() => _slots.Dispose();

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var lookup = await keys.FindAsync(http.Request, RestKey.Of(http.Request), http.RequestAborted);
        if (lookup.Caller is not { } caller)
        {
            refusals.Count(
                http.Request, lookup.LookupFailure is null ? "key" : "hub",
                lookup.LookupFailure ?? "A REST request has no valid key of the central hub.");
            return lookup.LookupFailure is { } unanswered ? RetryLater(http, unanswered) : RestKey.Unknown();
        }

        if (!rates.TryAcquire(caller.Name))
        {
            return RestResponse.Error(StatusCodes.Status429TooManyRequests, "You've exceeded the maximum requests per second of this key.");
        }

        if (!await _slots.WaitAsync(MaxWait, http.RequestAborted))
        {
            logger.RestRefused("other requests use all slots");
            return RetryLater(
                http, $"Other requests have used all {MaxConcurrentRequests} slots for {MaxWait.TotalSeconds:0} s: repeat the request.");
        }

        using var timeout = new CancellationTokenSource(RequestTimeout, time);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, http.RequestAborted);
        var clientAborted = http.RequestAborted;
        // The endpoint and the writing of the response use this token, so that the timeout ends them.
        http.RequestAborted = cancellation.Token;
        try
        {
            if (await next(context) is IResult response)
            {
                await response.ExecuteAsync(http);
                await http.Response.BodyWriter.FlushAsync(cancellation.Token);
            }

            return Results.Empty;
        }
        catch (RestRequestException wrong)
        {
            return RestResponse.Error(StatusCodes.Status400BadRequest, wrong.Message);
        }
        catch (OperationCanceledException) when (clientAborted.IsCancellationRequested)
        {
            return Results.Empty;
        }
        catch (Exception problem) when (problem is NpgsqlException or CountingException or BusyException or EventStreamException
            or LakeUnavailableException
            or OperationCanceledException)
        {
            logger.RestRefused(problem.Message);
            if (!http.Response.HasStarted)
            {
                return Refuse(http, problem);
            }

            // Abort, so that the client does not mistake a truncated response for a complete one.
            http.Abort();
            return Results.Empty;
        }
        finally
        {
            http.RequestAborted = clientAborted;
            _slots.Release();
        }
    }

    private static RestResponse Refuse(HttpContext http, Exception problem) => RetryLater(http, problem switch
    {
        CountingException or BusyException or LakeUnavailableException => problem.Message,
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } or OperationCanceledException =>
            $"The request takes longer than {ReadingDatabase.TimeLimit.TotalSeconds:0} s in the table or "
                + $"{RequestTimeout.TotalSeconds:0} s in total: request a shorter time range.",
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable } =>
            "The database has no table of ticks yet: repeat the request later.",
        EventStreamException => "Ticks of this time are in the archive, but the event hub does not answer: repeat the request later.",
        _ => "The database does not answer: repeat the request later.",
    });

    private static RestResponse RetryLater(HttpContext http, string message)
    {
        http.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        return RestResponse.Error(StatusCodes.Status503ServiceUnavailable, message);
    }
}
