using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using CloudTicks.Polygon.Requests;
using CloudTicks.Polygon.Sessions;
using Microsoft.Extensions.Logging;
using Polly;

namespace CloudTicks.Polygon.Rest;

/// <summary>
/// Sends requests to the REST origin and the other hosts of the provider. Only these get the API key, and only in the Authorization header.
/// Each attempt counts against the request budget; transient failures are retried.
/// </summary>
internal sealed class RestOrigin : IDisposable
{
    private const int MaxErrorBytes = 64 * 1024;

    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;
    private readonly string[] _pageHosts;
    private readonly PolygonApiKey _apiKey;
    private readonly RequestBudget _budget;
    private readonly PolygonMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RestPause _pause;
    private readonly ResiliencePipeline _retry;

    public RestOrigin(
        Uri address, string[] pageHosts, PolygonApiKey apiKey, RequestBudget budget, PolygonMetrics metrics, TimeProvider time,
        ILogger logger)
    {
        // A server on this machine is a simulator, whose pages must not lead to a real host.
        _pageHosts = address.IsLoopback ? [] : pageHosts;
        (Address, _apiKey, _budget, _metrics, _time, _logger) = (address, apiKey, budget, metrics, time, logger);
        _pause = new RestPause(time);
        _retry = RestRetry.Create(time, apiKey, logger);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
            // Requests to this machine are not encrypted, so they must not use a proxy.
            UseProxy = !address.IsLoopback,
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public Uri Address { get; }

    /// <summary>Whether the key may be sent to an address: to this origin, or over TLS to an allowed host.</summary>
    public bool CanSendTo(Uri address) =>
        address.IsAbsoluteUri && address.UserInfo.Length == 0 && (IsOrigin(address) || IsPageHost(address));

    /// <summary>
    /// Gets a response with retries. A response that cannot be read counts as a failed attempt. Throws PolygonRestException when no attempt
    /// succeeds.
    /// </summary>
    public async Task<T> GetAsync<T>(
        string endpoint, Uri address, int maxBytes, Func<RestResponse, T> read, CancellationToken cancellationToken)
    {
        if (!CanSendTo(address))
        {
            throw new ArgumentException(
                $"{address.Host} is neither {Address.Host} nor an allowed host, and would get the API key.", nameof(address));
        }

        return await _retry.ExecuteAsync(
            async (call, token) => await call.Origin.TryOnceAsync(call.Endpoint, call.Address, call.MaxBytes, call.Read, token),
            (Origin: this, Endpoint: endpoint, Address: address, MaxBytes: maxBytes, Read: read), cancellationToken);
    }

    /// <summary>Gets a response without retries.</summary>
    public Task<T> GetOnceAsync<T>(
        string endpoint, Uri address, int maxBytes, Func<RestResponse, T> read, CancellationToken cancellationToken) =>
        TryOnceAsync(endpoint, address, maxBytes, read, cancellationToken);

    public void Dispose() => _http.Dispose();

    private bool IsOrigin(Uri address) => address.Scheme == Address.Scheme && address.Port == Address.Port
        && string.Equals(address.IdnHost, Address.IdnHost, StringComparison.OrdinalIgnoreCase);

    private bool IsPageHost(Uri address) => address.Scheme == Uri.UriSchemeHttps && address.IsDefaultPort
        && _pageHosts.Contains(address.IdnHost, StringComparer.OrdinalIgnoreCase);

    private async Task<T> TryOnceAsync<T>(
        string endpoint, Uri address, int maxBytes, Func<RestResponse, T> read, CancellationToken cancellationToken)
    {
        await WaitForPermitAsync(endpoint, cancellationToken);
        using var timeout = new CancellationTokenSource(AttemptTimeout, _time);
        using var attemptCancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var result = await SendAsync(endpoint, address, maxBytes, read, attemptCancellation.Token);
            _metrics.Requested(endpoint, "ok");
            return result;
        }
        catch (PolygonRestException exception)
        {
            _metrics.Requested(endpoint, Outcome(exception.Failure));
            throw;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException
            || (exception is OperationCanceledException && timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested))
        {
            _metrics.Requested(endpoint, exception is JsonException ? Outcome(RestFailure.BadResponse) : Outcome(RestFailure.Unavailable));
            throw exception is JsonException
                ? Fail(RestFailure.BadResponse, endpoint, $"the response is malformed ({exception.Message})", exception,
                    isTransient: true)
                : Fail(
                    RestFailure.Unavailable, endpoint,
                    exception is OperationCanceledException ? $"no complete response within {AttemptTimeout.TotalSeconds:0} s"
                        : FailureText.Of(exception),
                    exception, isTransient: true);
        }
    }

    private async Task WaitForPermitAsync(string endpoint, CancellationToken cancellationToken)
    {
        while (_pause.Remaining is var left && left > TimeSpan.Zero)
        {
            if (left > RestRetry.MaxWait)
            {
                throw Fail(
                    RestFailure.RateLimited, endpoint, $"the server accepts no request for another {left.TotalSeconds:0} s", null,
                    retryAfter: left);
            }

            await Task.Delay(left, _time, cancellationToken);
        }

        await _budget.TakeAsync(cancellationToken);
    }

    private async Task<T> SendAsync<T>(
        string endpoint, Uri address, int maxBytes, Func<RestResponse, T> read, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _apiKey.Value);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw await RefusalAsync(endpoint, response, content, cancellationToken);
        }

        var received = new RestResponse();
        try
        {
            return await received.TryReadAsync(content, maxBytes, cancellationToken)
                ? Read(read, received)
                : throw Fail(
                    RestFailure.BadResponse, endpoint, $"the response is longer than {maxBytes:N0} bytes, the maximum of a page", null);
        }
        catch
        {
            received.Dispose();
            throw;
        }
    }

    private static T Read<T>(Func<RestResponse, T> read, RestResponse received)
    {
        try
        {
            return read(received);
        }
        catch (InvalidOperationException exception)
        {
            // The JSON reader throws this for half a surrogate pair and for invalid UTF-8.
            throw new JsonException(exception.Message, exception);
        }
    }

    private async Task<PolygonRestException> RefusalAsync(
        string endpoint, HttpResponseMessage response, Stream content, CancellationToken cancellationToken)
    {
        using var body = new RestResponse();
        await body.TryReadAsync(content, MaxErrorBytes, cancellationToken);
        var explanation = RefusalText.Read(body.Bytes.Span);
        var status = (int)response.StatusCode;
        switch (status)
        {
            case 401:
                return Fail(
                    RestFailure.KeyRefused, endpoint, $"the server does not accept the API key{explanation}; check "
                        + $"{PolygonApiKey.Setting}", null);
            case 403:
                return Fail(RestFailure.NotInPlan, endpoint, $"the plan of the account does not include it{explanation}", null);
            case 429:
                var wait = _pause.Apply(response.Headers.RetryAfter);
                _metrics.RateLimitViolated(endpoint, _time.GetUtcNow());
                var pause = wait is { } required
                    ? string.Create(CultureInfo.InvariantCulture, $"; Polygon requires a pause of {required.TotalSeconds:0.#} s") : "";
                _logger.RateLimitViolated(endpoint, _budget.PerSecond, pause, _apiKey.Redact(explanation));
                return Fail(
                    RestFailure.RateLimited, endpoint,
                    $"the server refuses more requests{explanation}; lower Polygon:RateLimitPerSecond if this recurs", null,
                    isTransient: true, retryAfter: wait);
            case >= 300 and < 400:
                return Fail(
                    RestFailure.BadResponse, endpoint,
                    $"the server redirects to {response.Headers.Location?.GetLeftPart(UriPartial.Authority) ?? "another address"}, which "
                    + "must not receive the API key; set Polygon:RestEndpoint to the right address", null);
            case 408 or 499 or >= 500:
                return Fail(
                    RestFailure.Unavailable, endpoint, $"the server answers {status}{explanation}", null, isTransient: true,
                    retryAfter: _pause.Apply(response.Headers.RetryAfter));
            default:
                return Fail(
                    RestFailure.BadRequest, endpoint, $"the server answers {status}{explanation}", null,
                    isNotFound: status == 404 && RefusalText.IsNotFound(body.Bytes.Span));
        }
    }

    private PolygonRestException Fail(
        RestFailure failure, string endpoint, string sentence, Exception? inner, bool isTransient = false, TimeSpan? retryAfter = null,
        bool isNotFound = false) =>
        new(failure, _apiKey.Redact($"Polygon's {endpoint} at {Address.Authority} failed: {sentence}."), inner)
        {
            IsTransient = isTransient,
            RetryAfter = retryAfter,
            IsNotFound = isNotFound,
        };

    private static string Outcome(RestFailure failure) => failure switch
    {
        RestFailure.Unavailable => "unavailable",
        RestFailure.RateLimited => "rate_limited",
        RestFailure.KeyRefused => "key_refused",
        RestFailure.NotInPlan => "not_in_plan",
        RestFailure.BadRequest => "bad_request",
        _ => "bad_answer",
    };
}
