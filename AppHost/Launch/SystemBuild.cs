using System.Globalization;
using CloudTicks.AppHost.Local.Lines;
using CloudTicks.AppHost.Local.Running;
using CloudTicks.LocalServices;
using CloudTicks.LocalServices.Installation;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.AppHost.Launch;

/// <summary>Builds AppHost and the services, and downloads the local servers in parallel.</summary>
/// <param name="system">The programs to build.</param>
/// <param name="lines">Receives the progress.</param>
/// <param name="isStarting">Whether AppHost will start the local servers; false if it only prints.</param>
internal sealed class SystemBuild(BuiltSystem system, RunLines lines, bool isStarting)
{
    private const string Part = "build";
    private const string BuiltMark = " -> ";

    /// <summary>If one of these variables is set, AppHost may need fewer servers, and downloads the needed ones itself.</summary>
    private static readonly string[] OwnServices =
        ["ConnectionStrings__timescale", "ConnectionStrings__nats", "CLOUDTICKS_LIBRDKAFKA", "CLOUDTICKS_LIBNATS"];

    /// <summary>
    /// All projects share one compiler server, even if the environment disables the reuse of processes: the server is warm after the first
    /// project. MSBuild's nodes exit with this build.
    /// </summary>
    private static readonly string[] OwnCompiler =
    [
        "--property:UseSharedCompilation=true",
        string.Create(CultureInfo.InvariantCulture, $"--property:SharedCompilationId=cloudticks-{Environment.ProcessId}"),
        "--nodeReuse:false",
    ];

    private readonly int _projects = system.CountProjects();
    private readonly List<string> _errors = [];
    private int _builtCount;

    /// <summary>Returns false, after reporting the errors, if the build fails or the parent <c>dotnet run</c> exits.</summary>
    public async Task<bool> RunAsync()
    {
        lines.Write(
            Part, $"building {_projects} projects ({system.Configuration}): a minute the first time, later only those that have changed");
        using var abandonment = new CancellationTokenSource();
        var fetch = FetchAsync(abandonment.Token);
        var parentExit = StartedByDotNetRun.WaitForParentExitAsync(TimeProvider.System, abandonment.Token);
        await using var build = await ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = DotNetProgram.Command,
            Arguments =
            [
                "build", system.Project, "--configuration", system.Configuration, "--nologo", "--verbosity", "minimal", "--tl:off",
                .. OwnCompiler,
            ],
            Inherited = ChildVariables.All,
            // The compiler is too short-lived for profile-guided optimisation to pay off.
            Environment = new Dictionary<string, string?> { ["DOTNET_TieredPGO"] = "0" },
            OnOutput = Report,
            OnError = Report,
        });
        var isBuilt = await Task.WhenAny(build.Exited, parentExit) == build.Exited && await build.Exited == 0;
        build.KillGroup();
        if (!isBuilt)
        {
            await abandonment.CancelAsync();
            ReportErrors();
        }

        await fetch; // Replacing the launcher with AppHost would kill the download's child processes.
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
            _builtCount++;
            lines.Write(Part, string.Create(CultureInfo.InvariantCulture, $"{_builtCount} of {_projects}: {line[..end].Trim()}"));
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

        lines.WriteRequested(Part, LineLevel.Error, $"The sources cannot be built; 'dotnet build {system.Project}' shows the full output.");
    }

    /// <summary>Downloads the local servers. A failure is ignored: AppHost retries the download and reports what to do.</summary>
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
