using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Systems;
using CloudTicks.Cli.Tests.Places;
using CloudTicks.LocalServices.Processes;
using CloudTicks.TestServices;
using CloudTicks.Verification.Places;

namespace CloudTicks.Cli.Tests.Systems;

/// <summary><c>status</c>, <c>down</c> and <c>logs</c> with the files of an AppHost; PackedTests uses a running one.</summary>
public sealed class SystemCommandsTests : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Folder_without_a_system_is_reported()
    {
        (await StatusAsync()).ShouldBe((1, $"No system is running in {DataFolder}. Start it with 'cloudticks up'.\n"));
        (await StatusAsync(asJson: true)).ShouldBe((1, """{"systems":[]}""" + "\n"));
        (await DownAsync()).ShouldBe((0, $"No system is running in {DataFolder}.\n", ""));
    }

    [Fact]
    public async Task System_with_a_new_process_is_starting_despite_an_old_note()
    {
        await using var system = new FakeSystem(DataFolder);
        new AppHostNote(1, "not when process 1 began", AppHostState.Running).Write(system.Folder);

        (await StateAsync()).ShouldBe("starting");
    }

    [Theory]
    [InlineData(AppHostState.Starting, "starting")]
    [InlineData(AppHostState.Stopping, "stopping")]
    public async Task System_without_addresses_is_starting_or_stopping(AppHostState state, string shown)
    {
        await using var system = new FakeSystem(DataFolder, isUp: false);
        new AppHostNote(ProcessIdentity.Own.Id, ProcessIdentity.Own.Started, state).Write(system.Folder);

        (await StateAsync()).ShouldBe(shown);
        (await StatusAsync()).Code.ShouldBe(1);
    }

    [Fact]
    public async Task Killed_system_differs_from_a_stopped_one()
    {
        await using var system = new FakeSystem(DataFolder);
        new AppHostNote(ProcessIdentity.Own.Id, ProcessIdentity.Own.Started, AppHostState.Running).Write(system.Folder);
        system.Kill();

        (await StateAsync()).ShouldBe("killed");
        (await StatusAsync()).Output.ShouldContain("was killed and is not running; 'cloudticks up' recovers it");
        (await DownAsync()).ShouldBe((0, $"No system is running in {DataFolder}.\n", ""));
        AppHostNote.Remove(system.Folder);
        (await StateAsync()).ShouldBe("stopped");
    }

    [Fact]
    public async Task Down_ends_the_process_of_the_note_and_waits_for_the_folder()
    {
        await using var system = new FakeSystem(DataFolder);
        using var appHost = Process.Start("sleep", "600");
        new AppHostNote(appHost.Id, ProcessIdentity.StartOf(appHost.Id)!, AppHostState.Running).Write(system.Folder);
        var down = DownAsync();

        await appHost.WaitForExitAsync(Cancellation);
        down.IsCompleted.ShouldBeFalse();
        AppHostNote.Remove(system.Folder);
        system.Kill();

        (await down).ShouldBe(
            (0, $"Stopping simulated, process {appHost.Id}, data folder {system.Folder}.\nStopped.\n", ""));
    }

    [Fact]
    public async Task Down_spares_a_process_that_reuses_the_id_of_a_killed_one()
    {
        await using var system = new FakeSystem(DataFolder);
        using var unrelated = Process.Start("sleep", "600");
        try
        {
            new AppHostNote(unrelated.Id, "another start", AppHostState.Running).Write(system.Folder);

            var (code, _, errors) = await DownAsync();

            code.ShouldBe(1);
            errors.ShouldStartWith($"The process that uses {system.Folder} is not known, or belongs to another user");
            unrelated.HasExited.ShouldBeFalse();
        }
        finally
        {
            unrelated.Kill();
        }
    }

    [Fact]
    public async Task Down_without_a_name_refuses_to_stop_one_of_two_feeds()
    {
        await using var simulated = new FakeSystem(DataFolder);
        await using var real = new FakeSystem(DataFolder, "polygon");

        var (code, output, errors) = await DownAsync();

        (code, output).ShouldBe((2, ""));
        errors.ShouldStartWith("2 systems are running, and this command stops one. Choose:\n");
        errors.ShouldContain($"  --data {real.Folder}\n");
    }

    [Fact]
    public async Task Lines_of_one_part_are_read_from_both_files()
    {
        await using var system = new FakeSystem(DataFolder);
        await File.WriteAllTextAsync(
            AppHostNote.OldLogFile(system.Folder), "collector    | one\nnats-1       | other\n", Cancellation);
        await File.WriteAllTextAsync(
            AppHostNote.LogFile(system.Folder),
            "collector-2  | two\n{\"part\":\"collector\",\"message\":\"three\"}\ncollector-x  | not one of them\ncollector    | unfini",
            Cancellation);

        (await ShowAsync(system, "collector")).ShouldBe(
            "collector    | one\ncollector-2  | two\n{\"part\":\"collector\",\"message\":\"three\"}\n");
        (await ShowAsync(system, "nats", count: 1)).ShouldBe("nats-1       | other\n");
        (await ShowAsync(system, part: null, count: 1)).ShouldBe("collector-x  | not one of them\n");
        (await ShowAsync(system, "page")).ShouldBe("no lines; other parts: collector, collector-2, collector-x, nats-1");
    }

    [Fact]
    public async Task Following_lines_survives_a_rotation()
    {
        await using var system = new FakeSystem(DataFolder);
        var (file, old) = (AppHostNote.LogFile(system.Folder), AppHostNote.OldLogFile(system.Folder));
        await File.WriteAllTextAsync(file, "run          | first\nrun          | sec", Cancellation);
        var pipe = new Pipe();
        var lines = new LogLines(system.Folder, "run", TimeProvider.System);
        await lines.ShowAsync(pipe.Writer.AsStream(), count: 10, Cancellation);
        var following = lines.FollowAsync(pipe.Writer.AsStream(), Cancellation);
        using var output = new StreamReader(pipe.Reader.AsStream());
        (await NextAsync()).ShouldBe("run          | first");

        await File.AppendAllTextAsync(file, "ond\nrun          | third\n", Cancellation);
        (await NextAsync()).ShouldBe("run          | second");
        (await NextAsync()).ShouldBe("run          | third");
        await File.AppendAllTextAsync(file, "run          | fourth\n", Cancellation);
        File.Move(file, old);
        await File.WriteAllTextAsync(file, "run          | 5\n", Cancellation);
        (await NextAsync()).ShouldBe("run          | fourth");
        (await NextAsync()).ShouldBe("run          | 5");

        system.Kill();
        (await following.WaitAsync(Cancellation)).ShouldBe(4);

        async Task<string?> NextAsync() => await output.ReadLineAsync(Cancellation);
    }

    [Fact]
    public async Task Following_lines_survives_a_missing_file_during_a_rotation()
    {
        await using var system = new FakeSystem(DataFolder);
        var (file, old) = (AppHostNote.LogFile(system.Folder), AppHostNote.OldLogFile(system.Folder));
        await File.WriteAllTextAsync(file, "run          | the first line\n", Cancellation);
        using var output = new MemoryStream();
        var time = new TestTime();
        var lines = new LogLines(system.Folder, "run", time);
        var following = lines.FollowAsync(output, Cancellation);
        await NextPollAsync();

        File.Move(file, old);
        time.Advance(PollInterval);
        await NextPollAsync();
        await File.WriteAllTextAsync(file, "run          | next\n", Cancellation);
        system.Kill();
        time.Advance(PollInterval);

        (await following.WaitAsync(Cancellation)).ShouldBe(2);
        Encoding.UTF8.GetString(output.ToArray()).ShouldBe("run          | the first line\nrun          | next\n");

        async Task NextPollAsync()
        {
            var waiting = time.UntilTimerAsync(PollInterval, Cancellation);
            (await Task.WhenAny(waiting, following)).ShouldBe(waiting);
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string DataFolder => _folder.File("here/.cloudticks");

    private async Task<string?> StateAsync()
    {
        using var response = JsonDocument.Parse((await StatusAsync(asJson: true)).Output);
        return response.RootElement.GetProperty("systems")[0].GetProperty("state").GetString();
    }

    private async Task<(int Code, string Output)> StatusAsync(bool asJson = false)
    {
        using var output = new StringWriter();
        var console = new HubConsole(output, TextWriter.Null, isColoured: false);
        return (await StatusCommand.RunAsync(new DirectoryInfo(DataFolder), asJson, console, Cancellation), output.ToString());
    }

    private async Task<(int Code, string Output, string Errors)> DownAsync()
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await DownCommand.RunAsync(new DirectoryInfo(DataFolder), output, errors, TimeProvider.System);
        return (code, output.ToString(), errors.ToString());
    }

    private static async Task<string> ShowAsync(FakeSystem system, string? part, long count = 100)
    {
        using var output = new MemoryStream();
        var lines = new LogLines(system.Folder, part, TimeProvider.System);
        return await lines.ShowAsync(output, count, Cancellation) > 0
            ? Encoding.UTF8.GetString(output.ToArray()) : $"no lines; other parts: {string.Join(", ", lines.Parts)}";
    }
}
