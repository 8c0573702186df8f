using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;

namespace CloudTicks.Dashboard.Services;

internal sealed class ServiceAsker(ServiceClient services, TimeProvider time)
{
    /// <summary>The status of a collector with a hundred thousand symbols.</summary>
    private const int MostBytes = 16 * 1024 * 1024;

    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(2);
    private static readonly MediaTypeWithQualityHeaderValue Json = new("application/json");

    /// <summary>Asks for what is known at once; never fails but by the end of the program.</summary>
    public Task<ServiceAnswer> AskAsync(Uri address, CancellationToken cancellationToken) => AskAsync(address, Usual, cancellationToken);

    public async Task<ServiceAnswer> AskAsync(Uri address, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.Add(Json);
        try
        {
            using var answer = await services.SendAsync(request, key: null, either.Token);
            return new ServiceAnswer((int)answer.StatusCode, await ReadAsync(answer, either.Token), null);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new ServiceAnswer(null, null, exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ServiceAnswer(null, null, $"no answer within {patience.TotalSeconds:0} s");
        }
    }

    /// <returns>Null for what is no JSON, or too much of it.</returns>
    private static async Task<JsonElement?> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        using var text = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            while (await body.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                text.Write(buffer, 0, read);
                if (text.Length > MostBytes)
                {
                    return null;
                }
            }

            return JsonElement.Parse(text.GetBuffer().AsSpan(0, (int)text.Length));
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
