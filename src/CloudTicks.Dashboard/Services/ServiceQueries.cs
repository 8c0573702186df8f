using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;

namespace CloudTicks.Dashboard.Services;

internal sealed class ServiceQueries(ServiceClient services, TimeProvider time)
{
    /// <summary>The maximum size of a response, enough for the status of a collector with 100,000 symbols.</summary>
    private const int MaxBytes = 16 * 1024 * 1024;

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(2);
    private static readonly MediaTypeWithQualityHeaderValue Json = new("application/json");

    /// <summary>Queries an endpoint that responds immediately. Throws only when the program stops.</summary>
    public Task<ServiceResponse> QueryAsync(Uri address, CancellationToken cancellationToken) =>
        QueryAsync(address, DefaultTimeout, cancellationToken);

    public async Task<ServiceResponse> QueryAsync(Uri address, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var timeoutSource = new CancellationTokenSource(timeout, time);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(timeoutSource.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.Add(Json);
        try
        {
            using var response = await services.SendAsync(request, key: null, cancellation.Token);
            return new ServiceResponse((int)response.StatusCode, await ReadAsync(response, cancellation.Token), null);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new ServiceResponse(null, null, exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ServiceResponse(null, null, $"no response within {timeout.TotalSeconds:0} s");
        }
    }

    /// <returns>Null when the response is not JSON, or is too long.</returns>
    private static async Task<JsonElement?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var content = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            while (await body.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                content.Write(buffer, 0, read);
                if (content.Length > MaxBytes)
                {
                    return null;
                }
            }

            return JsonElement.Parse(content.GetBuffer().AsSpan(0, (int)content.Length));
        }
        catch (JsonException)
        {
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
