using System.Globalization;
using CloudTicks.Dashboard.Services;
using CloudTicks.Dashboard.Sessions;
using Microsoft.Net.Http.Headers;

namespace CloudTicks.Dashboard.Relay;

/// <summary>Forwards a browser's request to the functions, and streams back the body of the response with its allowed headers.</summary>
internal sealed class FunctionsRelay(ServiceClient services, RelayMetrics metrics, TimeProvider time, ILogger<FunctionsRelay> logger)
{
    /// <summary>The maximum size of a request body, larger than the maximum of a document.</summary>
    private const int MaxBodyBytes = 300 * 1024;

    private const int MaxConcurrentRequests = 64;
    private const string RetryAfterSeconds = "1";

    /// <summary>The timeout of a request, longer than the functions' long poll for a document change.</summary>
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(75);

    private static readonly string[] RequestHeaders = [HeaderNames.Accept, HeaderNames.IfMatch, HeaderNames.IfNoneMatch];

    private static readonly HashSet<string> ResponseHeaders = new(
        [
            HeaderNames.ContentType, HeaderNames.ContentLength, HeaderNames.ContentDisposition, HeaderNames.ETag, HeaderNames.Link,
            HeaderNames.RetryAfter, HeaderNames.Vary,
            "Config-Version", "CloudTicks-Cursor", "CloudTicks-As-Of", "CloudTicks-Table-From", "CloudTicks-Replay",
        ],
        StringComparer.OrdinalIgnoreCase);

    private int _runningRequests;
    private bool _isOutageLogged;

    public async Task ForwardAsync(HttpContext context)
    {
        var isRead = HttpMethods.IsGet(context.Request.Method);
        if (!isRead && !Visitor.Of(context).MayWrite)
        {
            await RefuseAsync(
                context, StatusCodes.Status403Forbidden, "role", "Changes need a writer's key: sign in with one.");
            return;
        }

        if (Interlocked.Increment(ref _runningRequests) > MaxConcurrentRequests)
        {
            Interlocked.Decrement(ref _runningRequests);
            await RefuseAsync(
                context, StatusCodes.Status503ServiceUnavailable, "busy",
                "Too many requests are in progress: try again in a moment.");
            return;
        }

        try
        {
            await ForwardAsync(context, isRead ? null : await BodyAsync(context.Request));
        }
        catch (BadHttpRequestException exception)
        {
            await RefuseAsync(
                context, exception.StatusCode, "body", $"The body is longer than {MaxBodyBytes / 1024} KiB, or was truncated.");
        }
        finally
        {
            Interlocked.Decrement(ref _runningRequests);
        }
    }

    private static async Task<byte[]> BodyAsync(HttpRequest request)
    {
        var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted) is > 0 and var read)
        {
            body.Write(buffer, 0, read);
            if (body.Length > MaxBodyBytes)
            {
                throw new BadHttpRequestException("The body is too long.", StatusCodes.Status413PayloadTooLarge);
            }
        }

        return body.ToArray();
    }

    private async Task ForwardAsync(HttpContext context, byte[]? body)
    {
        using var timeout = new CancellationTokenSource(RequestTimeout, time);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.RequestAborted);
        try
        {
            using var request = Request(context.Request, body);
            using var upstream = await services.SendAsync(request, Visitor.Of(context).Session?.Key, cancellation.Token);
            metrics.Forwarded((int)upstream.StatusCode);
            _isOutageLogged = false;
            await CopyAsync(upstream, context.Response, cancellation.Token);
        }
        catch (Exception exception) when (
            exception is HttpRequestException or IOException or OperationCanceledException
                && !context.RequestAborted.IsCancellationRequested)
        {
            if (context.Response.HasStarted)
            {
                // Close the connection of a truncated response, so that the client does not mistake it for complete.
                context.Abort();
                return;
            }

            await ReportUnavailableAsync(context, exception);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has disconnected.
        }
    }

    private HttpRequestMessage Request(HttpRequest from, byte[]? body)
    {
        // Use the routed path rather than the requested one, because the routed path matched the allow list.
        var request = new HttpRequestMessage(
            new HttpMethod(from.Method),
            ServiceClient.At(services.Functions, from.Path.ToUriComponent() + from.QueryString.ToUriComponent()));
        foreach (var name in RequestHeaders)
        {
            if (from.Headers.TryGetValue(name, out var values))
            {
                request.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation(HeaderNames.ContentType, from.ContentType);
        }

        return request;
    }

    private static async Task CopyAsync(HttpResponseMessage upstream, HttpResponse response, CancellationToken cancellationToken)
    {
        response.StatusCode = (int)upstream.StatusCode;
        foreach (var (name, values) in upstream.Headers.Concat(upstream.Content.Headers)
            .Where(header => ResponseHeaders.Contains(header.Key)))
        {
            response.Headers[name] = values.ToArray();
        }

        await upstream.Content.CopyToAsync(response.Body, cancellationToken);
    }

    private Task ReportUnavailableAsync(HttpContext context, Exception exception)
    {
        if (!_isOutageLogged)
        {
            _isOutageLogged = true;
            logger.FunctionsUnavailable(services.Functions.Authority, exception.Message);
        }

        return RefuseAsync(
            context, StatusCodes.Status503ServiceUnavailable, "functions",
            string.Create(
                CultureInfo.InvariantCulture,
                $"The functions do not answer at {services.Functions.Authority}: start them, or set their address "
                    + $"(Dashboard__Functions)."));
    }

    private Task RefuseAsync(HttpContext context, int status, string reason, string detail)
    {
        metrics.Refused(reason);
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }

        return Results.Problem(
            detail, title: "The request was not forwarded.", statusCode: status,
            extensions: new Dictionary<string, object?> { ["reason"] = reason })
            .ExecuteAsync(context);
    }
}
