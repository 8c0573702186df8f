using System.Text.Json.Nodes;
using CloudTicks.LocalServices.Processes;
using CloudTicks.TestServices;
using Microsoft.AspNetCore.Http;

namespace CloudTicks.Cli.Tests.Configuring;

public sealed class ConfigTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string?> _environment = new() { ["NO_COLOR"] = null };
    private ScriptedHub _hub = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await ScriptedHub.StartAsync();
        _environment["CLOUDTICKS_HUB"] = _hub.Address;
        _environment["TMPDIR"] = _folder.Path;
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Set_patches_fields_and_describes_the_change()
    {
        var (code, output, _) = await RunAsync(
            "config", "set", "rate_limit_per_second=10", "symbols=EURUSD,XAUUSD", "--comment", "a & b", "--color", "always");

        code.ShouldBe(0);
        output.ShouldContain("\e[31m- unsubscribe USDJPY\e[0m");
        output.ShouldContain("\e[33m~ rate_limit_per_second: 5 -> 10\e[0m");
        output.ShouldContain("Version 1 of polygon-live-collector is in force.");
        _hub.Symbols.ShouldBe("EURUSD,XAUUSD");
        _hub.Comment.ShouldBe("a & b");
    }

    [Theory]
    [InlineData("""{"operational":{"feed":"quotes"}}""")]
    [InlineData("feed=quotes")]
    [InlineData("operational.feed=quotes")]
    [InlineData("/operational/feed=\"quotes\"")]
    [InlineData("polygon-live-collector", "feed", "quotes")]
    public async Task Set_accepts_a_patch_and_several_forms_of_a_field(params string[] words)
    {
        (await RunAsync(["config", "set", .. words])).Code.ShouldBe(0);

        _hub.Document["operational"]!["feed"]!.ToString().ShouldBe("quotes");
    }

    [Fact]
    public async Task Set_with_dry_run_changes_nothing()
    {
        var (code, output, _) = await RunAsync("config", "set", "symbols=EURUSD", "--dry-run", "--json");

        code.ShouldBe(0);
        JsonNode.Parse(output)!["changes"]!.AsArray().Count.ShouldBe(13);
        _hub.Newest.ShouldBe(0);
    }

    [Fact]
    public async Task Set_reports_every_fault_and_exits_with_4()
    {
        var (code, output, errors) = await RunAsync("config", "set", "rate_limt_per_second=10", "batch_interval=100", "--json");

        code.ShouldBe(4);
        errors.ShouldContain(
            "/operational/rate_limt_per_second: There is no field 'rate_limt_per_second' here (did you mean rate_limit_per_second?");
        errors.ShouldContain("/operational/batch_interval: It is 100; the allowed range is 0 to 60.");
        JsonNode.Parse(output)!["errors"]!.AsArray().Count.ShouldBe(2);
        _hub.Newest.ShouldBe(0);
    }

    [Fact]
    public async Task Set_on_an_outdated_version_exits_with_3()
    {
        var tag = JsonNode.Parse((await RunAsync("config", "get", "--json")).Output)!["etag"]!.ToString();
        _hub.Patch("""{"operational":{"rate_limit_per_second":7}}""");

        (await RunAsync("config", "set", "rate_limit_per_second=8", "--if-match", tag)).Code.ShouldBe(3);

        _hub.Document["operational"]!["rate_limit_per_second"]!.ToString().ShouldBe("7");
    }

    [Theory]
    [InlineData(StatusCodes.Status401Unauthorized, 5, "CLOUDTICKS_HUB_KEY")]
    [InlineData(StatusCodes.Status403Forbidden, 5, "CLOUDTICKS_HUB_KEY")]
    [InlineData(StatusCodes.Status429TooManyRequests, 6, "429")]
    [InlineData(StatusCodes.Status503ServiceUnavailable, 6, "503")]
    [InlineData(StatusCodes.Status404NotFound, 1, "404")]
    [InlineData(StatusCodes.Status302Found, 1, "302")]
    public async Task Get_refusals_have_distinct_exit_codes(int status, int exitCode, string part)
    {
        _hub.BeforeAnswer = http => http.Response.StatusCode = status;

        var (code, _, errors) = await RunAsync("config", "get");

        code.ShouldBe(exitCode);
        errors.ShouldContain(part);
    }

    [Fact]
    public async Task Get_sends_the_key_in_a_header_and_never_unencrypted()
    {
        _environment["CLOUDTICKS_HUB_KEY"] = "canary";
        (await RunAsync("config", "get")).Code.ShouldBe(0);
        _hub.Keys.ShouldBe(["canary"]);

        var (code, output, errors) = await RunAsync("config", "get", "--hub", "hub.example.com:7000");

        code.ShouldBe(2);
        errors.ShouldContain("https://");
        (output + errors).ShouldNotContain("canary");
    }

    [Fact]
    public async Task Get_from_an_unreachable_hub_exits_with_6()
    {
        _environment["CLOUDTICKS_HUB"] = $"127.0.0.1:{FreePort.Choose()}";

        var (code, _, errors) = await RunAsync("config", "get");

        code.ShouldBe(6);
        errors.ShouldContain("does not answer");
    }

    [Fact]
    public async Task Get_prints_a_field_of_the_current_and_an_earlier_version()
    {
        _hub.Patch("""{"operational":{"rate_limit_per_second":7,"feed":"quotes"}}""");

        (await RunAsync("config", "get", "rate_limit_per_second")).Output.ShouldBe("7\n");
        (await RunAsync("config", "get", "polygon-live-collector", "operational.feed")).Output.ShouldBe("quotes\n");
        (await RunAsync("config", "get", "/operational/symbols/0")).Output.ShouldBe("EURUSD\n");
        (await RunAsync("config", "get", "rate_limit_per_second", "--at", "0")).Output.ShouldBe("5\n");
        JsonNode.DeepEquals(JsonNode.Parse((await RunAsync("config", "get")).Output), _hub.Document).ShouldBeTrue();
        (await RunAsync("config", "get", "max_connections")).Code.ShouldBe(1);
    }

    [Fact]
    public async Task Diff_prints_changed_lines_and_their_meaning()
    {
        _hub.Patch("""{"operational":{"symbols":["EURUSD","EURAUD"]}}""");
        _hub.Patch("""{"operational":{"rate_limit_per_second":9}}""");

        var (code, output, _) = await RunAsync("config", "diff", "0", "2", "--color", "always");

        code.ShouldBe(0);
        output.ShouldContain("\e[31m-     \"rate_limit_per_second\": 5,\e[0m\n\e[32m+     \"rate_limit_per_second\": 9,\e[0m");
        output.ShouldContain("\e[32m+ subscribe EURAUD\e[0m");
        output.ShouldNotContain("feature_flags");
        (await RunAsync("config", "diff", "--color", "never")).Output.ShouldContain("~ rate_limit_per_second: 5 -> 9");
    }

    [Fact]
    public async Task History_and_rollback_show_and_revert_changes()
    {
        _hub.Patch("""{"operational":{"rate_limit_per_second":7}}""");

        (await RunAsync("config", "history")).Output.ShouldStartWith("1  2026-11-20T17:00:00.000Z  anna  patch\n+ subscribe AAPL\n");
        var (code, output, _) = await RunAsync("config", "rollback", "0");

        code.ShouldBe(0);
        output.ShouldContain("~ rate_limit_per_second: 7 -> 5");
        _hub.Newest.ShouldBe(2);
    }

    [Fact]
    public async Task Edit_shows_faults_in_the_editor_for_correction()
    {
        WriteEditor("""
            if grep -q 'did you mean' "$1"
            then sed -i 's/rate_limt/rate_limit/' "$1"
            else sed -i 's/"rate_limit_per_second": 5/"rate_limt_per_second": 9/' "$1"
            fi
            """);

        var (code, output, errors) = await RunAsync("config", "edit");

        code.ShouldBe(0, errors);
        output.ShouldContain("~ rate_limit_per_second: 5 -> 9");
        Directory.GetFiles(_folder.Path, "*.json").ShouldBeEmpty();
    }

    [Fact]
    public async Task Edit_during_a_concurrent_change_only_keeps_the_text()
    {
        WriteEditor("""sed -i 's/"rate_limit_per_second": 5/"rate_limit_per_second": 9/' "$1" """);
        _hub.BeforeAnswer = http =>
        {
            if (http.Request.Method == HttpMethods.Put)
            {
                _hub.Patch("""{"operational":{"rate_limit_per_second":7}}""");
            }
        };

        var (code, _, errors) = await RunAsync("config", "edit");

        code.ShouldBe(3);
        _hub.Document["operational"]!["rate_limit_per_second"]!.ToString().ShouldBe("7");
        var keptFile = Directory.GetFiles(_folder.Path, "*.json").ShouldHaveSingleItem();
        errors.ShouldContain(keptFile);
        (await File.ReadAllTextAsync(keptFile, TestContext.Current.CancellationToken)).ShouldContain("\"rate_limit_per_second\": 9");
    }

    [Fact]
    public async Task Edit_hides_our_keys_from_the_editor()
    {
        WriteEditor($"env > {_folder.File("environment")}");
        (_environment["POLYGON_API_KEY"], _environment["CLOUDTICKS_HUB_WRITER_KEY"], _environment["MY_PLUG_IN"]) =
            ("canary", "canary", "kept");

        (await RunAsync("config", "edit")).Code.ShouldBe(0);

        var environment = await File.ReadAllTextAsync(_folder.File("environment"), TestContext.Current.CancellationToken);
        environment.ShouldNotContain("canary");
        environment.ShouldContain("MY_PLUG_IN=kept");
    }

    [Theory]
    [InlineData("true", 0)]
    [InlineData(": > \"$1\"", 0)]
    [InlineData("exit 3", 1)]
    [InlineData("echo nonsense > \"$1\"", 4)]
    public async Task Edit_without_a_usable_change_changes_nothing(string script, int exitCode)
    {
        WriteEditor(script);

        (await RunAsync("config", "edit")).Code.ShouldBe(exitCode);

        _hub.Newest.ShouldBe(0);
    }

    private void WriteEditor(string script)
    {
        var path = _folder.Write("editor.sh", $"#!/bin/sh\n{script}\n");
        _environment["VISUAL"] = "";
        _environment["EDITOR"] = $"sh {path}";
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) =>
        CliProcess.RunAsync(_environment, arguments);
}
