using System.Collections.Concurrent;
using System.Threading.Channels;
using CloudTicks.Collection.Symbols;
using CloudTicks.Collection.Tests.DbServer;
using CloudTicks.Polygon;
using CloudTicks.Polygon.Requests;
using CloudTicks.Polygon.Rest;
using CloudTicks.Polygon.Sessions;
using CloudTicks.TestServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CloudTicks.Collection.Tests.Symbols;

public sealed class SymbolSelectionTests : IAsyncDisposable
{
    private readonly TestTime _time = new();
    private readonly LogLines _lines = new();
    private readonly LoggerFactory _log = new();
    private readonly TemporaryFolder _folder = new();
    private readonly SettableOptions<CollectorOptions> _options = new();
    private readonly SettableOptions<PolygonOptions> _polygon = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly RequestBudget _budget = new(1_000);
    private readonly Channel<string> _changes = Channel.CreateUnbounded<string>();
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly ConcurrentQueue<string> _requests = new();
    private WebApplication? _server;
    private PolygonRestClient? _rest;
    private Task _following = Task.CompletedTask;
    private volatile Func<HttpContext, string?> _response = _ => "{}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _rest?.Dispose();
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
        _budget.Dispose();
        _log.Dispose();
        _lines.Dispose();
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Changed_file_changes_selection_and_invalid_one_does_not()
    {
        var file = _folder.Write("mine.yaml", "- AAPL\n");
        var selection = await FollowAsync(new CollectorOptions { SymbolFiles = [file] });

        _folder.Write("mine.yaml", "- AAPL\n- MSFT\n");
        (await NextSelectionAsync()).ShouldBe("AAPL MSFT");

        _folder.Write("mine.yaml", "- AAPL\n- MS FT\n");
        await UntilAsync(() => selection.Refused is not null);
        selection.Refused!.ShouldContain("line 2, column 3");
        selection.Refusals.ShouldBe(1);

        _folder.Write("mine.yaml", "- GOOG\n");
        (await NextSelectionAsync()).ShouldBe("GOOG");
        selection.Refused.ShouldBeNull();
    }

    [Fact]
    public async Task Doubtful_or_unknown_symbol_is_collected_with_warning()
    {
        var initial = new CollectorOptions { Symbols = ["###", "AAPL", "ZZZZ"] };
        await FollowAsync(initial);

        await _lines.UntilAsync("1 symbols do not look like symbols of their market and are collected anyway: ###.");
        await _lines.UntilAsync("1 collected symbols are not in the feed's reference data and will have no ticks: ZZZZ");
        _options.Set(initial with { Symbols = ["###", "AAPL", "ZZZZ", "MSFT"] });

        (await NextSelectionAsync()).ShouldBe("### AAPL ZZZZ MSFT");
        _lines.Count("###").ShouldBe(1);
    }

    [Fact]
    public async Task Changed_settings_change_the_selection()
    {
        await FollowAsync(new CollectorOptions { Symbols = ["AAPL"] });

        _options.Set(new CollectorOptions { Symbols = ["MSFT"], Lists = ["metals"] });

        (await NextSelectionAsync()).ShouldBe("MSFT XAUUSD XAGUSD XPTUSD XPDUSD");
    }

    [Fact]
    public async Task Rollout_percentage_adds_and_removes_symbols()
    {
        await FollowAsync(new CollectorOptions { Rollouts = Rollout("metals", Percentage(0)) });

        _options.Set(new CollectorOptions { Rollouts = Rollout("metals", Percentage(100)) });
        (await NextSelectionAsync()).ShouldBe("XAUUSD XAGUSD XPTUSD XPDUSD");

        _options.Set(new CollectorOptions { Symbols = ["AAPL", "XPDUSD"], Rollouts = Rollout("metals", Percentage(100)) });
        (await NextSelectionAsync()).ShouldBe("AAPL XPDUSD XAUUSD XAGUSD XPTUSD");

        _options.Set(new CollectorOptions { Symbols = ["AAPL"], Rollouts = Rollout("metals", Percentage(0)) });
        (await NextSelectionAsync()).ShouldBe("AAPL");
    }

    [Fact]
    public async Task Time_window_of_flag_adds_and_removes_symbols()
    {
        var window =
            """{"name":"Microsoft.TimeWindow","parameters":{"Start":"Wed, 15 Jan 2025 16:00:00 GMT","End":"Wed, 15 Jan 2025 17:00:00 GMT"}}""";
        await FollowAsync(new CollectorOptions { Symbols = ["AAPL"], Rollouts = Rollout("metals", window) });

        await AdvanceAsync(TimeSpan.FromHours(1));
        (await NextSelectionAsync()).ShouldBe("AAPL XAUUSD XAGUSD XPTUSD XPDUSD");

        await AdvanceAsync(TimeSpan.FromHours(1));
        (await NextSelectionAsync()).ShouldBe("AAPL");
    }

    [Fact]
    public async Task Changed_rollout_list_applies_but_missing_flag_is_refused()
    {
        _folder.Write("mine.yaml", "- AAPL\n");
        var options = new CollectorOptions { ListFolder = _folder.Path, Rollouts = Rollout("mine", Percentage(100)) };
        var selection = await FollowAsync(options);
        (await NextSelectionAsync()).ShouldBe("AAPL");

        _folder.Write("mine.yaml", "- AAPL\n- MSFT\n");
        (await NextSelectionAsync()).ShouldBe("AAPL MSFT");

        _options.Set(options with { Rollouts = Rollout("mine", Percentage(100), definedFlag: "g") });
        await UntilAsync(() => selection.Refused is not null);
        selection.Refused!.ShouldContain("'f'");
        _changes.Reader.TryRead(out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Contracts_are_dropped_at_expiry_and_looked_up_daily()
    {
        _response = _ => Page("O:SPY250115C00600000 2025-01-15", "O:SPY250116P00600000 2025-01-16");
        await FollowAsync(new CollectorOptions { Symbols = ["SPY"], Underlyings = ["SPY"], MaxExpiryDays = 5 });
        (await NextSelectionAsync()).ShouldBe("SPY O:SPY250115C00600000 O:SPY250116P00600000");
        _requests.ShouldHaveSingleItem().ShouldContain("expiration_date.gte=2025-01-15&expiration_date.lte=2025-01-20");

        // At 17:00 in New York the contracts of the day expire.
        _response = _ => Page("O:SPY250116P00600000 2025-01-16", "O:SPY250121P00600000 2025-01-21");
        await AdvanceAsync(TimeSpan.FromHours(7));
        (await NextSelectionAsync()).ShouldBe("SPY O:SPY250116P00600000");
        _requests.Count.ShouldBe(1);

        // At midnight in New York the contracts are looked up again.
        await AdvanceAsync(TimeSpan.FromHours(7));
        (await NextSelectionAsync()).ShouldBe("SPY O:SPY250116P00600000 O:SPY250121P00600000");
        _requests.Last().ShouldContain("expiration_date.gte=2025-01-16&expiration_date.lte=2025-01-21");
    }

    [Fact]
    public async Task Failed_contract_lookup_keeps_other_symbols_and_is_retried()
    {
        _response = _ => null;
        var selection = await FollowAsync(new CollectorOptions { Symbols = ["AAPL"], Underlyings = ["SPY"] });
        await UntilAsync(() => selection.Refused is not null);
        selection.Refused!.ShouldContain("the plan of the account does not include it");

        _response = _ => Page("O:SPY250117C00600000 2025-01-17");
        await AdvanceAsync(TimeSpan.FromHours(1));

        (await NextSelectionAsync()).ShouldBe("AAPL O:SPY250117C00600000");
        selection.Refused.ShouldBeNull();
    }

    [Fact]
    public async Task Named_contracts_reduce_room_for_looked_up_ones()
    {
        _response = _ => Page([.. Enumerable.Range(1, 1_200).Select(strike => $"O:SPY250117C{strike:00000}000 2025-01-17")]);
        await FollowAsync(new CollectorOptions { Symbols = ["O:QQQ250117C00500000"], Underlyings = ["SPY"] });

        var selected = (await NextSelectionAsync()).Split(' ');

        selected.Length.ShouldBe(1_000);
        selected[0].ShouldBe("O:QQQ250117C00500000");
    }

    [Fact]
    public async Task More_connections_hold_more_contracts()
    {
        _response = _ => Page([.. Enumerable.Range(1, 1_200).Select(strike => $"O:SPY250117C{strike:00000}000 2025-01-17")]);
        var selection = await FollowAsync(new CollectorOptions { Underlyings = ["SPY"] });
        (await NextSelectionAsync()).Split(' ').Length.ShouldBe(1_000);
        selection.LeftOut.ShouldBe(200);

        _polygon.Set(_polygon.CurrentValue with { MaxConnections = 2 });

        (await NextSelectionAsync()).Split(' ').Length.ShouldBe(1_200);
        selection.LeftOut.ShouldBe(0);
    }

    private static string Page(params string[] contracts) => $$"""{"status":"OK","results":[{{string.Join(',', contracts.Select(contract =>
        $$"""{"ticker":"{{contract.Split(' ')[0]}}","contract_type":"{{(contract.Contains('C', StringComparison.Ordinal) ? "call" : "put")}}","expiration_date":"{{contract.Split(' ')[1]}}","strike_price":{{contract.Split(' ')[0][^8..^3].TrimStart('0')}}}"""))}}]}""";

    private async Task<SymbolSelection> StartAsync()
    {
        _log.AddProvider(new LogLinesProvider(_lines));
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(context =>
        {
            if (!context.Request.Path.Value!.EndsWith("/contracts", StringComparison.Ordinal))
            {
                context.Response.StatusCode = context.Request.Path.Value.EndsWith("ZZZZ", StringComparison.Ordinal) ? 404 : 200;
                return context.Response.WriteAsync(context.Response.StatusCode == 404 ? """{"status":"NOT_FOUND"}""" : "{}");
            }

            _requests.Enqueue(Uri.UnescapeDataString(context.Request.QueryString.Value!));
            var text = _response(context);
            context.Response.StatusCode = text is null ? 403 : 200;
            return context.Response.WriteAsync(text ?? "");
        });
        await _server.StartAsync(TestContext.Current.CancellationToken);
        _polygon.Set(new PolygonOptions { Endpoint = new Uri(_server.Urls.First()), MaxConnections = 1 });
        var key = new PolygonApiKey(
            new ConfigurationBuilder().AddInMemoryCollection([new(PolygonApiKey.Setting, "canary-key-1234")]).Build());
        _rest = new PolygonRestClient(
            Options.Create(_polygon.CurrentValue), key, _budget,
            new PolygonMetrics(_services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>()), _time,
            NullLogger<PolygonRestClient>.Instance);
        return new SymbolSelection(_options, _polygon, _rest, _time, new Logger<SymbolSelection>(_log));
    }

    private async Task<SymbolSelection> FollowAsync(CollectorOptions options)
    {
        var selection = await StartAsync();
        _options.Set(options);
        _following = selection.FollowAsync(
            new SelectedSymbols(ConfiguredSymbols.Read(options), options.Feed),
            selected => _changes.Writer.TryWrite(string.Join(' ', selected.Symbols)), _stop.Token);
        return selection;
    }

    /// <summary>Waits for the next selection while the clock advances.</summary>
    private async Task<string> NextSelectionAsync()
    {
        string? change = null;
        await UntilAsync(() => _changes.Reader.TryRead(out change));
        return change!;
    }

    private static string Percentage(int percentage) =>
        $$$$"""{"name":"Microsoft.Targeting","parameters":{"Audience":{"DefaultRolloutPercentage":{{{{percentage}}}}}}}""";

    private static RolloutSettings Rollout(string list, string filter, string definedFlag = "f") => RolloutSettings.Parse($$$$"""
        {"operational":{"rollouts":[{"flag":"f","list":"{{{{list}}}}"}]},
         "feature_management":{"feature_flags":[{"id":"{{{{definedFlag}}}}","enabled":true,"conditions":{"client_filters":[{{{{filter}}}}]}}]}}
        """);

    private async Task UntilAsync(Func<bool> reached)
    {
        while (!reached())
        {
            if (_following.IsCompleted)
            {
                await _following;
            }

            // Advances the clock in small steps, so that a running request does not time out.
            await Task.WhenAny(_time.UntilTimerAsync(TimeSpan.FromSeconds(1), _stop.Token),
                Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, _stop.Token));
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }
    }

    private async Task AdvanceAsync(TimeSpan by)
    {
        await _time.UntilTimerAsync(TimeSpan.FromSeconds(1), _stop.Token);
        _time.Advance(by);
    }

    private sealed class LogLinesProvider(LogLines lines) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => lines;

        public void Dispose()
        {
        }
    }

    private sealed class SettableOptions<TOptions> : IOptionsMonitor<TOptions>
        where TOptions : class, new()
    {
        private readonly List<Action<TOptions, string?>> _listeners = [];

        public TOptions CurrentValue { get; private set; } = new();

        public TOptions Get(string? name) => CurrentValue;

        public void Set(TOptions options)
        {
            CurrentValue = options;
            _listeners.ForEach(listener => listener(options, null));
        }

        public IDisposable? OnChange(Action<TOptions, string?> listener)
        {
            _listeners.Add(listener);
            return null;
        }
    }
}
