using System.Diagnostics;
using CloudTicks.LocalServices.Processes;

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
    public async Task Bash_completes_by_asking_the_program(string line, string word)
    {
        var script = $$"""
            cloudticks() { '{{DotNetProgram.Command}}' '{{typeof(CloudTicksCommand).Assembly.Location}}' "$@"; }
            source <(cloudticks completion bash)
            COMP_LINE='{{line}}'; COMP_POINT=${#COMP_LINE}; COMP_WORDS=($COMP_LINE); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _cloudticks_complete
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardOutput = true })!;

        var suggestions = await bash.StandardOutput.ReadToEndAsync(Cancellation);

        await bash.WaitForExitAsync(Cancellation);
        suggestions.ShouldBe(word + "\n");
    }

    [Theory]
    [InlineData("zsh", "compdef _cloudticks_complete cloudticks")]
    [InlineData("fish", "complete --command cloudticks")]
    public async Task Other_shells_have_their_scripts(string shell, string part) =>
        (await CliProcess.RunAsync(new Dictionary<string, string?>(), "completion", shell)).Output.ShouldContain(part);

    [Fact]
    public async Task Shell_that_there_is_not_is_wrong_usage() =>
        (await CliProcess.RunAsync(new Dictionary<string, string?>(), "completion", "tcsh")).Code.ShouldBe(2);
}
