using System.Globalization;
using CloudTicks.AppHost.Local.Lines;
using CloudTicks.AppHost.Local.Running;
using CloudTicks.LocalServices;
using CloudTicks.LocalServices.Installation;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.AppHost.Launch;

/// <summary>Builds AppHost and what it starts, and fetches the local servers meanwhile.</summary>
/// <param name="system">What is built.</param>
/// <param name="lines">Where the progress goes.</param>
/// <param name="isStarting">AppHost will want the local servers; false when it only prints.</param>
internal sealed class SystemBuild(BuiltSystem system, RunLines lines, bool isStarting)
{
    private const string Part = "build";
    private const string BuiltMark = " -> ";

    /// <summary>With one of these AppHost may need less than everything, and fetches by itself what it needs.</summary>
    private static readonly string[] OwnServices =
        ["ConnectionStrings__timescale", "ConnectionStrings__nats", "CLOUDTICKS_LIBRDKAFKA", "CLOUDTICKS_LIBNATS"];

    /// <summary>
    /// One compiler for all projects, which is warm from the second on, and processes of MSBuild that are this build's alone: they end with
    /// it, also where the environment asks for builds that leave no process behind.
    /// </summary>
    private static readonly string[] OwnCompiler =
    [
        "--property:UseSharedCompilation=true",
        string.Create(CultureInfo.InvariantCulture, $"--property:SharedCompilationId=cloudticks-{Environment.ProcessId}"),
        "--nodeReuse:false",
    ];

    private readonly int _projects = system.CountProjects();
    private readonly List<string> _errors = [];
    private int _built;

    /// <summary>Returns false, and has said why, when the sources cannot be built or the start was cancelled.</summary>
    public async Task<bool> RunAsync()
    {
        lines.Write(Part, $"building {_projects} projects, {system.Configuration}: a minute the first time, later only what has changed");
        using var abandoned = new CancellationTokenSource();
        var fetch = FetchAsync(abandoned.Token);
        var orphaned = StartedByDotNetRun.WaitForItsEndAsync(TimeProvider.System, abandoned.Token);
        await using var build = await ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = DotNetProgram.Command,
            Arguments =
            [
                "build", system.Project, "--configuration", system.Configuration, "--nologo", "--verbosity", "minimal", "--tl:off",
                .. OwnCompiler,
            ],
            Inherited = ChildVariables.All,
            // The compiler is gone before a profile of it would pay.
            Environment = new Dictionary<string, string?> { ["DOTNET_TieredPGO"] = "0" },
            OnOutput = Report,
            OnError = Report,
        });
        var isBuilt = await Task.WhenAny(build.Exited, orphaned) == build.Exited && await build.Exited == 0;
        build.KillGroup();
        if (!isBuilt)
        {
            await abandoned.CancelAsync();
            ReportErrors();
        }

        await fetch; // Its programs would die with the launcher's threads.
        return isBuilt;
    }

    private void Report(string line)
    {
        if (line.Contains(": error ", StringComparison.Ordinal))
        {
            _errors.Add(line.Trim());
        }
        else if (line.IndexOf(BuiltMark, StringComparison.Ordinal) is > 0 and var end)
        {
            _built++;
            lines.Write(Part, string.Create(CultureInfo.InvariantCulture, $"{_built} of {_projects}: {line[..end].Trim()}"));
        }
        else if (line.Contains(": warning ", StringComparison.Ordinal))
        {
            lines.Write(Part, LineLevel.Warning, line.Trim());
        }
    }

    private void ReportErrors()
    {
        foreach (var error in _errors.Distinct())
        {
            lines.Write(Part, LineLevel.Error, error);
        }

        lines.Answer(Part, LineLevel.Error, $"The sources cannot be built; 'dotnet build {system.Project}' shows all of it.");
    }

    /// <summary>AppHost asks for the local servers once more, and says what to do where they cannot be fetched.</summary>
    private async Task FetchAsync(CancellationToken cancellationToken)
    {
        if (!isStarting || OwnServices.Any(name => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name))))
        {
            return;
        }

        try
        {
            await LocalInstallation.EnsureAsync(new InstallationReport(new SetupWriter(lines)), cancellationToken);
        }
        catch (Exception exception) when (exception is LocalServicesUnavailableException or OperationCanceledException)
        {
        }
    }
}
