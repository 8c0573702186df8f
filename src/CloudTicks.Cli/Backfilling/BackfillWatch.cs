using System.Net.Http.Headers;
using System.Text.Json;
using CloudTicks.Collection.Gaps;

namespace CloudTicks.Cli.Backfilling;

/// <summary>Requests a backfill, and polls its progress until it ends or the user presses Ctrl-C.</summary>
internal sealed class BackfillWatch(HttpClient collector, IBackfillView view, TextWriter errors, TimeProvider time)
{
    /// <summary>
    /// The number of consecutive failed polls after which the command gives up. It leaves time for the collector to restart and resume the
    /// backfill.
    /// </summary>
    private const int MaxFailures = 60;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    public async Task<int> RunAsync(BackfillRequest request, CancellationToken cancellationToken)
    {
        BackfillResponse? response = null;
        try
        {
            response = await RequestAsync(request, cancellationToken);
            await using (view)
            {
                view.Show(response);
                while (!response.IsDone)
                {
                    await Task.Delay(PollInterval, time, cancellationToken);
                    response = await PollAsync(response.Id, cancellationToken);
                    view.Show(response);
                }
            }

            return Report(request, response);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            errors.WriteLine(response is null
                ? "The collector has not answered yet, and may or may not have started the backfill."
                : $"The collector continues; see {collector.BaseAddress}api/v1/backfill/{response.Id}");
            return ExitCodes.Interrupted;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or TaskCanceledException)
        {
            errors.WriteLine($"The request to the collector at {collector.BaseAddress} failed: {exception.Message}");
            return ExitCodes.Incomplete;
        }
        catch (BackfillRefusedException refused)
        {
            errors.WriteLine(refused.Message);
            return ExitCodes.Incomplete;
        }
    }

    private int Report(BackfillRequest request, BackfillResponse response)
    {
        if (response.State == "filled")
        {
            return ExitCodes.Done;
        }

        errors.WriteLine($"Not all ticks of {request.Symbol} could be fetched: {response.Detail}");
        return ExitCodes.Incomplete;
    }

    private async Task<BackfillResponse> RequestAsync(BackfillRequest request, CancellationToken cancellationToken)
    {
        using var body = new ByteArrayContent(request.ToJson());
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await collector.PostAsync(new Uri("api/v1/backfill", UriKind.Relative), body, cancellationToken);
        return await ReadAsync(response, cancellationToken);
    }

    private async Task<BackfillResponse> PollAsync(Guid id, CancellationToken cancellationToken)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                using var response = await collector.GetAsync(new Uri($"api/v1/backfill/{id}", UriKind.Relative), cancellationToken);
                return await ReadAsync(response, cancellationToken);
            }
            catch (Exception exception) when (exception is HttpRequestException or BackfillRefusedException && failures < MaxFailures)
            {
                await Task.Delay(PollInterval, time, cancellationToken);
            }
        }
    }

    private static async Task<BackfillResponse> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode ? BackfillResponse.Read(text)
            : throw new BackfillRefusedException($"The collector refused the request ({(int)response.StatusCode}): {Problem(text)}");
    }

    private static string Problem(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("detail"u8, out var detail)
                ? detail.GetString() ?? text : text;
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
