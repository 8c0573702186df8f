using System.Text;
using CloudTicks.AppHost.Local.Lines;
using CloudTicks.AppHost.Local.Running;
using CloudTicks.AppHost.Local.Screen;
using CloudTicks.Ticks.Status;

namespace AppHost.Tests;

public sealed class ScreenViewTests
{
    private const char Escape = '\e';

    private static readonly DateTimeOffset Now = new(2026, 1, 5, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(80, 24)]
    [InlineData(120, 30)]
    [InlineData(160, 45)]
    [InlineData(40, 10)]
    [InlineData(20, 5)]
    public void Screen_fills_the_terminal_and_no_more(int width, int height)
    {
        var lines = Draw(Running(), width, height);

        lines.Count.ShouldBe(height);
        lines.ShouldAllBe(line => line.Length <= width);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void Healthy_system_shows_the_rate_of_every_part(int width)
    {
        var screen = Text(Running(), width, 24);

        screen.ShouldContain("All well: 5,012 ticks a second are archived, stored and published.");
        Row(screen, "collector").ShouldContain("healthy");
        Row(screen, "collector").ShouldContain("5,012");
        Row(screen, "collector").ShouldContain(":8000");
        Row(screen, "StoreTicks").ShouldContain("4,987");
        Row(screen, "StoreTicks").ShouldContain("37");
        Row(screen, "postgres").ShouldContain("4,987");
        screen.ShouldContain("EURUSD 1.08450 ▲");
        screen.ShouldContain("XAUUSD  2031.5 ▼");
        screen.ShouldContain("none so far");
    }

    [Fact]
    public void Commands_to_see_ticks_are_shown_if_there_is_space()
    {
        var board = new PartBoard();
        board.SetEndpoint("dashboard", "127.0.0.1:8080");
        board.SetEndpoint("functions", "127.0.0.1:7071");
        board.SetEndpoint("nats-1", "127.0.0.1:4222");
        board.SetEndpoint("nats-2", "127.0.0.1:4223");
        board.SetEndpoint("relay", "127.0.0.1:8200");
        board.AddCommand("psql ticks");
        var views = TickViews.Of(board);

        views.ShouldBe(
            ["page   http://127.0.0.1:8080/", "table  psql ticks", "HTTP   curl 'http://127.0.0.1:7071/api/v1/quotes/latest'",
                "NATS   nats sub -s nats://127.0.0.1:4222,nats://127.0.0.1:4223 'ticks.>'",
                "relay  ws://127.0.0.1:8200/forex, /stocks, /options or /crypto, with any Polygon client"]);
        var tallScreen = Text(Running() with { Commands = views }, 120, 45);
        views.ShouldAllBe(view => tallScreen.Contains(view));
        var shortScreen = Text(Running() with { Commands = views }, 120, 23);
        (shortScreen.Contains(views[0]), shortScreen.Contains(views[^1])).ShouldBe((true, false));
    }

    [Fact]
    public void Ended_PostgreSQL_is_reported_with_the_next_step()
    {
        var model = Running();
        var problem = new RunLine(Now, "postgres", LineLevel.Warning, "ended with exit code 137; restarting in 0.2 s");

        var screen = Text(
            model with
            {
                Parts = [.. model.Parts.Select(
                    part => part.Name == "postgres" ? part with { State = PartState.Restarting, Restarts = 1 } : part)],
                Problems = new Dictionary<string, RunLine> { ["postgres"] = problem },
                Warnings = [problem],
            },
            120,
            30);

        screen.ShouldContain("postgres has ended and is being restarted (ended with exit code 137;");
        JoinLines(screen).ShouldContain("Nothing acknowledged is lost");
        screen.ShouldNotContain("All well");
        Row(screen, "postgres").ShouldContain("restarting");
        Row(screen, "postgres").ShouldContain("10:00:00 ended with exit code 137");
    }

    [Fact]
    public void Function_with_a_growing_lag_is_reported_with_the_remedy()
    {
        var screen = Text(With(Running(), figures => figures with
        {
            Lag = new Dictionary<string, Backlog>
            {
                [FunctionRows.StoreTicks] = new(12_345, 14, IsGrowing: true),
                [FunctionRows.PublishTicks] = new(3, 0.1, false)
            },
        }));

        screen.ShouldContain("StoreTicks is 14 s behind, and falling further behind");
        screen.ShouldContain("--rate");
        Row(screen, "StoreTicks").ShouldContain("behind");
        Row(screen, "StoreTicks").ShouldContain("12,345");
        Row(screen, "PublishTicks").ShouldContain("running");
    }

    [Fact]
    public void Lake_has_a_row_with_its_figures()
    {
        var lake = new LakeStatus("lake", 812_204, 3_654_918, 2)
        {
            Newest = new DateTimeOffset(2026, 11, 21, 6, 59, 59, TimeSpan.Zero),
            LagRecords = 12,
            ArchiveBytesPerTick = 9,
            Writes = true,
        };

        Text(Running(), 140).ShouldNotContain("LakeTicks");
        var row = Row(Text(With(Running(), figures => figures with { Lake = lake }), 140), "LakeTicks");
        row.ShouldContain("└ LakeTicks");
        row.ShouldContain("812,204 ticks, 3.7 MB, newest hour 11-21T06Z, 4.5 B a tick, 2.0 times smaller");
        var damagedModel = With(Running(), figures => figures with { Lake = lake with { Problem = "The disk is full.", Writes = false } });
        Row(Text(damagedModel), "LakeTicks").ShouldContain("The disk is full.");
    }

    [Fact]
    public void Feed_without_ticks_is_reported()
    {
        var silentModel = With(Running(), figures => figures with
        {
            TicksPerSecond = figures.TicksPerSecond.ToDictionary(rate => rate.Key, _ => 0.0),
            Totals = new Totals(100, 0, 100, 100, 100),
        });

        Text(silentModel).ShouldContain("the simulator sends no ticks any more");
        Text(silentModel with { Feed = "polygon" }).ShouldContain("the market may be closed");
    }

    [Fact]
    public void Refused_key_takes_precedence_over_other_problems()
    {
        var screen = Text(With(Running() with { Feed = "polygon" }, figures => figures with
        {
            Refused = new Dictionary<string, string> { ["stocks"] = "authentication failed" },
            Disconnected = ["stocks"],
        }));

        screen.ShouldContain("The feed refuses access (authentication failed): check POLYGON_API_KEY");
    }

    [Fact]
    public void Nearly_full_disk_is_reported_with_the_remedy()
    {
        var screen = Text(With(Running(), figures => figures with { FreeBytes = 1_500_000_000 }));

        screen.ShouldContain("The disk is nearly full: only 1.5 GB free.");
        screen.ShouldContain("--data");
    }

    [Fact]
    public void Symbols_that_do_not_fit_are_counted()
    {
        var manyPrices = Enumerable.Range(0, 300).Select(number => new NewestPrice($"SYM{number:000}", 1.5m + number, 0, 2, IsTrade: true))
            .ToList();

        var screen = Text(With(Running(), figures => figures with { Prices = manyPrices, Symbols = 4_000 }));

        screen.ShouldContain("of 4,000 symbols");
        screen.ShouldContain("not shown");
        screen.ShouldContain("SYM000");
        screen.ShouldNotContain("SYM299");
    }

    [Fact]
    public void Screen_without_colours_has_no_escape_sequence()
    {
        string.Concat(new ScreenView(new Canvas(isColored: false, Encoding.UTF8)).Draw(Running(), 80, 24)).ShouldNotContain(Escape);
        string.Concat(new ScreenView(new Canvas(isColored: true, Encoding.UTF8)).Draw(Running(), 80, 24)).ShouldContain(Escape);
    }

    [Fact]
    public void Text_from_outside_cannot_move_the_cursor()
    {
        var badLine = new RunLine(Now, "collector", LineLevel.Error, "a\e[2Jb\u0007[red]c[/]");

        var screen = Text(Running() with { Warnings = [badLine], Problems = new Dictionary<string, RunLine> { ["collector"] = badLine } });

        screen.ShouldNotContain(Escape);
        screen.ShouldNotContain('\u0007');
        screen.ShouldContain("[red]c[/]");
    }

    [Fact]
    public void Terminal_that_is_not_unicode_gets_plain_signs()
    {
        var screen = string.Concat(new ScreenView(new Canvas(isColored: false, Encoding.Latin1)).Draw(Running(), 80, 24));

        screen.ShouldAllBe(letter => letter < 128);
    }

    private static ScreenModel Running() => new()
    {
        Feed = "simulated",
        Phase = RunPhase.Running,
        Now = Now,
        Uptime = TimeSpan.FromSeconds(133),
        LogFile = ".cloudticks/simulated/apphost.log",
        Parts =
        [
            new("postgres", PartState.Healthy, "127.0.0.1:5433"),
            new("nats-1", PartState.Healthy, "127.0.0.1:4222"),
            new("eventhubs", PartState.Healthy, "127.0.0.1:9092"),
            new("functions", PartState.Healthy, "127.0.0.1:7071"),
            new("collector", PartState.Healthy, "127.0.0.1:8000"),
            new("simulator", PartState.Healthy, "127.0.0.1:8100"),
        ],
        Figures = new Figures
        {
            TicksPerSecond = new Dictionary<string, double>
            {
                ["simulator"] = 5003.4,
                ["collector"] = 5011.6,
                ["eventhubs"] = 5000,
                [FunctionRows.StoreTicks] = 4987,
                [FunctionRows.PublishTicks] = 5001,
            },
            Lag = new Dictionary<string, Backlog>
            {
                [FunctionRows.StoreTicks] = new(37, 0.3, false),
                [FunctionRows.PublishTicks] = new(4, 0.1, false)
            },
            Prices = [new("EURUSD", 1.0845m, 1, 5, IsTrade: false), new("XAUUSD", 2031.5m, -1, 1, IsTrade: false)],
            Symbols = 2,
            History = [4000, 5000, 5000],
            FreeBytes = 500_000_000_000,
        },
    };

    private static ScreenModel With(ScreenModel model, Func<Figures, Figures> change) => model with { Figures = change(model.Figures) };

    private static IReadOnlyList<string> Draw(ScreenModel model, int width, int height) =>
        new ScreenView(new Canvas(isColored: false, Encoding.UTF8)).Draw(model, width, height);

    /// <summary>The screen's text as one line, so that a sentence is found even if it spans two rows.</summary>
    private static string JoinLines(string screen) => string.Join(' ', screen.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Text(ScreenModel model, int width = 120, int height = 30) => string.Join('\n', Draw(model, width, height));

    private static string Row(string screen, string part) =>
        screen.Split('\n').First(line => line.Contains(part + " ", StringComparison.Ordinal) && line.StartsWith('│'));
}
