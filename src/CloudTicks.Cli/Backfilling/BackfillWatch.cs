using System.Net.Http.Headers;
using System.Text.Json;
using CloudTicks.Collection.Gaps;

namespace CloudTicks.Cli.Backfilling;

/// <summary>Requests a backfill, and polls its progress until it ends or the user presses Ctrl-C.</summary>
internal sealed class BackfillWatch(HttpClient collector, IBackfillView view, TextWriter errors, TimeProvider time)
{
    /// <summary>A restarted collector resumes the backfill, so failed polls are repeated.</summary>
    private const int MaxFailures = 60;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    public async Task<int> RunAsync(BackfillRequest request, CancellationToken cancellationToken)
    {
        BackfillResponse? answer = null;
        try
        {
            answer = await RequestAsync(request, cancellationToken);
            await using (view)
            {
                view.Show(answer);
                while (!answer.IsDone)
                {
                    await Task.Delay(PollInterval, time, cancellationToken);
                    answer = await PollAsync(answer.Id, cancellationToken);
                    view.Show(answer);
                }
            }

            return Report(request, answer);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            errors.WriteLine(answer is null
                ? "Nothing was requested."
                : $"The collector continues; see {collector.BaseAddress}api/v1/backfill/{answer.Id}");
            return ExitCodes.Interrupted;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or TaskCanceledException)
        {
            errors.WriteLine($"The server at {collector.BaseAddress} does not answer like a collector: {exception.Message}");
            return ExitCodes.Incomplete;
        }
        catch (BackfillRefusedException refused)
        {
            errors.WriteLine(refused.Message);
            return ExitCodes.Incomplete;
        }
    }

    private int Report(BackfillRequest request, BackfillResponse answer)
    {
        if (answer.State == "filled")
        {
            return ExitCodes.Done;
        }

        errors.WriteLine($"Not all of {request.Symbol} could be fetched: {answer.Detail}");
        return ExitCodes.Incomplete;
    }

    private async Task<BackfillResponse> RequestAsync(BackfillRequest request, CancellationToken cancellationToken)
    {
        using var body = new ByteArrayContent(request.ToJson());
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await collector.PostAsync(new Uri("api/v1/backfill", UriKind.Relative), body, cancellationToken);
        return await ReadAsync(answer, cancellationToken);
    }

    private async Task<BackfillResponse> PollAsync(Guid id, CancellationToken cancellationToken)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                using var answer = await collector.GetAsync(new Uri($"api/v1/backfill/{id}", UriKind.Relative), cancellationToken);
                return await ReadAsync(answer, cancellationToken);
            }
            catch (Exception exception) when (exception is HttpRequestException or BackfillRefusedException && failures < MaxFailures)
            {
                await Task.Delay(PollInterval, time, cancellationToken);
            }
        }
    }

    private static async Task<BackfillResponse> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode ? BackfillResponse.Read(text)
            : throw new BackfillRefusedException($"The collector refuses the backfill ({(int)answer.StatusCode}): {Problem(text)}");
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
