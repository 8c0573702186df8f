using System.Net;
using System.Text;
using System.Text.Json;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using CloudTicks.Functions.Access;
using CloudTicks.Functions.DbCommands;
using CloudTicks.Functions.Tests.Access;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Tests.DbCommands;

/// <summary>Serves <c>POST /db_command</c>, with a real event hub.</summary>
internal sealed class CommandApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private CommandApp(WebApplication app) => (_app, _http) = (app, new HttpClient { BaseAddress = new Uri(app.Urls.Single()) });

    public int Port => new Uri(_app.Urls.Single()).Port;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static string Command(string ticker, string kind, params string[] records) =>
        $$$"""{"command":"save_realtime_data","params":{"ticker":"{{{ticker}}}","data_type":"{{{kind}}}","data":[{{{string.Join(',', records)}}}]}}""";

    public static List<string> Texts(StreamRecord record)
    {
        var reader = new TickBatchReader(new SymbolDictionary());
        reader.Open(record.Value);
        var texts = new List<string>();
        var tick = default(Tick);
        while (reader.TryRead(ref tick))
        {
            texts.Add(tick.Kind == TickKind.Quote
                ? $"{reader.Source} {tick.Symbol} {tick.Kind} {tick.TimestampMs} {tick.Bid} {tick.Ask} {tick.BidSize} {tick.AskSize}"
                : $"{reader.Source} {tick.Symbol} {tick.Kind} {tick.TimestampMs} {tick.Price} "
                    + $"{(tick.Has(TickFields.Size) ? tick.Size : "-")}");
        }

        return texts;
    }

    public static async Task<CommandApp> StartAsync(string bootstrapServers, string feed, bool refuseCrossed = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
        [
            new("ConnectionStrings:eventhubs", bootstrapServers),
            new("DbCommand:FeedName", feed),
            new("DbCommand:RefuseCrossedCurrencies", refuseCrossed.ToString()),
        ]);
        builder.Services.AddEventStream(builder.Configuration);
        builder.Services.AddDbCommand();
        builder.Services.AddTestGate(time: new PatientTime());
        var app = builder.Build();
        app.MapPost("/db_command", async (HttpContext http) =>
        {
            var function = new DbCommand(app.Services.GetRequiredService<Gate>(), app.Services.GetRequiredService<DbCommandHandler>());
            var response = await function.RunAsync(http.Request, http.RequestAborted);
            await response.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), new ActionDescriptor()));
        });
        await app.StartAsync(Cancellation);
        return new CommandApp(app);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    /// <summary>Sends a command until the event hub is available: a busy one may take too long to create the topics.</summary>
    public async Task<string> SaveAsync(string body)
    {
        while (true)
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await _http.PostAsync(new Uri("/db_command", UriKind.Relative), content, Cancellation);
            var text = await response.Content.ReadAsStringAsync(Cancellation);
            if (response.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
                return text;
            }
        }
    }

    public async Task<(HttpStatusCode Status, JsonElement Body, TimeSpan? RetryAfter)> PostAsync(
        string body, string type = "application/json")
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var response = await _http.PostAsync(new Uri("/db_command", UriKind.Relative), content, Cancellation);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        response.Content.Headers.ContentType!.MediaType.ShouldBe(
            response.IsSuccessStatusCode ? "application/json" : "application/problem+json");
        return (response.StatusCode, json.RootElement.Clone(), response.Headers.RetryAfter?.Delta);
    }

    public async Task<IReadOnlyList<StreamRecord>> ArchiveAsync()
    {
        await ArchiveTopics.EnsureAsync(
            _app.Services.GetRequiredService<EventStreamConnection>(), _app.Logger, TimeSpan.FromMinutes(3), TimeProvider.System,
            Cancellation);
        var watermarks = await _app.Services.GetRequiredService<StreamPositions>().GetWatermarksAsync(TopicNames.TickArchive, Cancellation);
        var records = new List<StreamRecord>();
        OffsetRange[] ranges = [.. watermarks.Select(end => new OffsetRange(end.Partition, end.Low, end.High))];
        await foreach (var record in _app.Services.GetRequiredService<RecordConsumer>()
            .ReadAsync(TopicNames.TickArchive, ranges, Cancellation))
        {
            records.Add(record);
        }

        return records;
    }

    /// <summary>
    /// The system's clock without long timers: a command waits for its acknowledgements for any time, so that sending it again after a 503
    /// never saves it twice.
    /// </summary>
    private sealed class PatientTime : TimeProvider
    {
        private static readonly TimeSpan MinLongTime = TimeSpan.FromSeconds(10);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime < MinLongTime ? dueTime : Timeout.InfiniteTimeSpan, period);
    }
}
