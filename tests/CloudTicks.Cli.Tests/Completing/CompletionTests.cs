using System.Diagnostics;
using CloudTicks.Cli.Tests.Configuring;
using CloudTicks.LocalServices.Processes;
using CloudTicks.TestServices;

namespace CloudTicks.Cli.Tests.Completing;

public class CompletionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("cloudticks conf", "config")]
    [InlineData("cloudticks config ro", "rollback")]
    [InlineData("cloudticks config set rate", "rate_limit_per_second")]
    [InlineData("cloudticks config set tick-functions ret", "retention_days")]
    [InlineData("cloudticks symbols add --dr", "--dry-run")]
    public async Task Bash_completes_by_calling_the_program(string line, string word) => (await BashAsync(line)).ShouldBe(word + "\n");

    [Fact]
    public async Task Bash_completes_names_with_colons_and_values_after_equals()
    {
        await using var hub = await ScriptedHub.StartAsync();
        hub.Patch("""{"operational":{"symbols":["O:SPY251219C00650000","EURUSD"]}}""");

        (await BashAsync($"cloudticks symbols remove --hub {hub.Address} O:SP")).ShouldBe("SPY251219C00650000\n");
        (await BashAsync($"cloudticks config set --hub {hub.Address} feed=q")).ShouldBe("quotes\n");
        (await BashAsync($"cloudticks symbols remove --hub {hub.Address} EU")).ShouldBe("EURUSD\n");
    }

    [Fact]
    public async Task Zsh_completes_by_calling_the_program()
    {
        await using var hub = await ScriptedHub.StartAsync();
        // compinit and the line editor need a terminal, so the script calls the functions that they would call.
        var script = $$"""
            compdef() { print -r -- "compdef $*" }
            compadd() { shift; print -rl -- "$@" }
            {{ShellFunction}}
            source <(cloudticks completion zsh)
            words=(cloudticks symbols remove --hub {{hub.Address}} EURU); CURRENT=$#words
            _cloudticks_complete
            words=(cloudticks rollout roll); CURRENT=$#words
            _cloudticks_complete
            """;

        (await RunAsync("zsh", "-f", "-c", script)).ShouldBe("compdef _cloudticks_complete cloudticks\nEURUSD\nrollback\n");
    }

    [Fact]
    public async Task Fish_completes_by_calling_the_program()
    {
        await using var hub = await ScriptedHub.StartAsync();
        var script = $$"""
            function cloudticks; '{{DotNetProgram.Command}}' '{{typeof(CloudTicksCommand).Assembly.Location}}' $argv; end
            cloudticks completion fish | source
            complete -C 'cloudticks symbols remove --hub {{hub.Address}} EURU'
            complete -C 'cloudticks rollout roll'
            """;

        (await RunAsync("fish", "--no-config", "-c", script)).ShouldBe("EURUSD\nrollback\n");
    }

    [Fact]
    public async Task Unknown_shell_is_wrong_usage() =>
        (await CliProcess.RunAsync(new Dictionary<string, string?>(), "completion", "tcsh")).Code.ShouldBe(2);

    private static string ShellFunction =>
        $$"""cloudticks() { '{{DotNetProgram.Command}}' '{{typeof(CloudTicksCommand).Assembly.Location}}' "$@"; }""";

    private static async Task<string> BashAsync(string line)
    {
        // The script splits the words as bash does.
        var script = $$"""
            {{ShellFunction}}
            source <(cloudticks completion bash)
            COMP_LINE='{{line}}'; COMP_POINT=${#COMP_LINE}; COMP_WORDS=(${COMP_LINE//[:=]/ & }); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _cloudticks_complete
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        return await RunAsync("bash", "-c", script);
    }

    private static async Task<string> RunAsync(string shell, params string[] arguments)
    {
        using var stateFolder = new TemporaryFolder();
        var start = new ProcessStartInfo(shell, arguments) { RedirectStandardOutput = true, WorkingDirectory = stateFolder.Path };
        if (shell != "bash")
        {
            var (program, environment) = await ShellInstallation.FindAsync(shell);
            start.FileName = program;
            foreach (var (name, value) in environment)
            {
                start.Environment[name] = value;
            }
        }

        start.Environment["CLOUDTICKS_COMPLETION_TIME"] = "1m";
        start.Environment["XDG_STATE_HOME"] = stateFolder.Path;
        start.Environment["XDG_CONFIG_HOME"] = stateFolder.Path;
        start.Environment["XDG_DATA_HOME"] = stateFolder.Path;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return output;
    }
}
