using System.Globalization;
using System.Runtime.InteropServices;
using CloudTicks.LocalServices.Postgres;
using CloudTicks.LocalServices.Processes;
using CloudTicks.TestServices;

namespace CloudTicks.LocalServices.Tests.Processes;

public sealed class ChildProcessTests : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Lines_arrive_in_order_and_before_the_exit()
    {
        var output = new List<string>();
        var errors = new List<string>();

        var exitCode = await ChildProcess.RunAsync(
            Shell("for i in 1 2 3; do echo out $i; echo err $i >&2; done; printf last; exit 7") with
            {
                OnOutput = output.Add,
                OnError = errors.Add
            },
            TestContext.Current.CancellationToken);

        exitCode.ShouldBe(7);
        output.ShouldBe(["out 1", "out 2", "out 3", "last"]);
        errors.ShouldBe(["err 1", "err 2", "err 3"]);
    }

    [Fact]
    public async Task Child_has_its_own_environment_and_working_folder()
    {
        var output = new List<string>();
        var options = Shell("echo \"$ADDED ${HOME-gone}\"; pwd -P; cat") with
        {
            Environment = new Dictionary<string, string?> { ["ADDED"] = "a b", ["HOME"] = null },
            WorkingFolder = _folder.Path,
            OnOutput = output.Add,
        };

        (await ChildProcess.RunAsync(options, TestContext.Current.CancellationToken)).ShouldBe(0);

        output.ShouldBe(["a b gone", _folder.Path]);
    }

    [Theory]
    [InlineData("PATH", true)]
    [InlineData("LC_CTYPE", true)]
    [InlineData("DOTNET_gcServer", true)]
    [InlineData("https_proxy", false)]
    [InlineData("POLYGON_API_KEY", false)]
    [InlineData("AWS_SECRET_ACCESS_KEY", false)]
    [InlineData("ConnectionStrings__timescale", false)]
    public void Child_inherits_no_secret(string variable, bool inherited) =>
        ChildVariables.Contains(variable, new ChildProcessOptions { FileName = "any" }.Inherited).ShouldBe(inherited);

    [Theory]
    [InlineData("Collector__Symbols", true)]
    [InlineData("COLLECTOR:SYMBOLS", true)]
    [InlineData("CollectorKey", false)]
    public void Prefix_matches_a_setting_in_any_spelling(string variable, bool inherited) =>
        ChildVariables.Contains(variable, ["Collector__*"]).ShouldBe(inherited);

    [Fact]
    public async Task Pid_is_the_programs_own()
    {
        var pid = new TaskCompletionSource<string>();
        await using var child = await ChildProcess.StartAsync(Shell("echo $$") with { OnOutput = pid.SetResult });

        (await pid.Task).ShouldBe(child.Pid.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Terminate_lets_the_program_exit()
    {
        var ready = new TaskCompletionSource();
        await using var child = await ChildProcess.StartAsync(
            Shell("trap 'exit 3' TERM; trap 'exit 4' INT; echo ready; while :; do sleep 0.1; done") with
            {
                OnOutput =
                _ => ready.SetResult()
            });
        await ready.Task.WaitAsync(TestContext.Current.CancellationToken);

        (await child.TerminateAsync(Grace)).ShouldBe(3);
        (await child.TerminateAsync(Grace)).ShouldBe(3);
    }

    [Fact]
    public async Task Terminate_can_send_an_interrupt()
    {
        var ready = new TaskCompletionSource();
        await using var child = await ChildProcess.StartAsync(
            Shell("trap 'exit 3' TERM; trap 'exit 4' INT; echo ready; while :; do sleep 0.1; done") with
            {
                OnOutput =
                _ => ready.SetResult()
            });
        await ready.Task.WaitAsync(TestContext.Current.CancellationToken);

        (await child.TerminateAsync(Grace, PosixSignal.SIGINT)).ShouldBe(4);
    }

    [Fact]
    public async Task Program_that_ignores_the_signal_is_killed()
    {
        var ready = new TaskCompletionSource();
        await using var child = await ChildProcess.StartAsync(
            Shell("trap '' TERM; echo ready; while :; do sleep 0.1; done") with { OnOutput = _ => ready.SetResult() });
        await ready.Task.WaitAsync(TestContext.Current.CancellationToken);

        (await child.TerminateAsync(TimeSpan.FromMilliseconds(1))).ShouldBe(128 + 9);
    }

    [Fact]
    public async Task Cancelled_run_kills_the_program_and_its_children()
    {
        var file = _folder.File("lock");
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var run = ChildProcess.RunAsync(
            Shell($"flock --no-fork {file} sh -c 'echo locked; exec sleep 1000' & wait") with { OnOutput = _ => cancel.Cancel() },
            cancel.Token);

        await Should.ThrowAsync<OperationCanceledException>(() => run);

        await WaitForLockAsync(file);
    }

    [Fact]
    public async Task Missing_program_is_named()
    {
        var missing = await Should.ThrowAsync<FileNotFoundException>(
            () => ChildProcess.StartAsync(new ChildProcessOptions { FileName = "no-such-program" }));

        missing.Message.ShouldContain("no-such-program");
    }

    [Fact]
    public async Task Child_outlives_the_thread_that_started_it()
    {
        var file = _folder.File("go");
        var started = new TaskCompletionSource<Task<ChildProcess>>();
        var thread = new Thread(
            () => started.SetResult(ChildProcess.StartAsync(Shell($"until [ -e {file} ]; do sleep 0.05; done; exit 5"))));
        thread.Start();
        await using var child = await await started.Task;
        thread.Join();
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        (await child.Exited).ShouldBe(5);
    }

    [Fact]
    public async Task Child_dies_when_its_parent_is_killed()
    {
        var file = _folder.File("lock");
        await using var parent = await ParentProgram.StartAsync(
            ["child", "flock", "--no-fork", file, "sh", "-c", "echo locked; exec sleep 1000"]);
        await parent.ReadUntilAsync("locked");

        await parent.KillAsync();

        await WaitForLockAsync(file);
    }

    [Fact]
    public async Task PostgreSQL_dies_with_its_parent_and_can_restart()
    {
        var dataFolder = _folder.File("data");
        await TestInstallation.GetAsync();
        await using var parent = await ParentProgram.StartAsync(["postgres", dataFolder]);
        var firstPid = int.Parse(await parent.ReadUntilAsync(""), CultureInfo.InvariantCulture);

        await parent.KillAsync();

        // Only one server can run on a folder, so a successful start shows that the other has ended.
        await using var server = await PostgresServer.StartAsync(
            await TestInstallation.GetAsync(), new PostgresServerOptions { DataFolder = dataFolder, SharedBuffersMegabytes = 32 },
            TestContext.Current.CancellationToken);
        server.Pid.ShouldNotBe(firstPid);
    }

    private static ChildProcessOptions Shell(string script) => new() { FileName = "sh", Arguments = ["-c", script] };

    /// <summary>Waits for the lock, which the kernel releases when the process that holds it ends.</summary>
    private static async Task WaitForLockAsync(string file) =>
        (await ChildProcess.RunAsync(
            new ChildProcessOptions { FileName = "flock", Arguments = [file, "true"] }, TestContext.Current.CancellationToken)).ShouldBe(0);
}
