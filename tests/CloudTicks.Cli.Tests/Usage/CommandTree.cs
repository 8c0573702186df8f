using System.CommandLine;

namespace CloudTicks.Cli.Tests.Usage;

/// <summary>All commands of the program, with a valid command line for each. Their actions are replaced by a counter.</summary>
internal sealed class CommandTree
{
    private static readonly Dictionary<string, string> ValidLines = new()
    {
        ["up"] = "",
        ["down"] = "",
        ["status"] = "",
        ["logs"] = "collector",
        ["open"] = "",
        ["stream"] = "--symbols EURUSD",
        ["decode"] = "",
        ["backfill"] = "--symbol EURUSD --from 2026-11-20 --to 2026-11-21",
        ["config get"] = "rate_limit_per_second",
        ["config set"] = "rate_limit_per_second=10",
        ["config edit"] = "",
        ["config diff"] = "1 2",
        ["config history"] = "",
        ["config rollback"] = "3",
        ["config explain"] = "Symbols",
        ["symbols add"] = "EURAUD",
        ["symbols remove"] = "EURAUD",
        ["symbols list"] = "",
        ["rollout list"] = "nasdaq",
        ["rollout set"] = "nasdaq 25",
        ["rollout pause"] = "nasdaq",
        ["rollout resume"] = "nasdaq",
        ["rollout rollback"] = "nasdaq",
        ["services list"] = "",
        ["services show"] = "mailer",
        ["services register"] = "mailer --schema schema.json --defaults defaults.json",
        ["services unregister"] = "mailer",
        ["retention show"] = "",
        ["retention run"] = "",
        ["keys create"] = "anna --role reader",
        ["keys list"] = "--all",
        ["keys revoke"] = "anna",
        ["keys self"] = "",
        ["completion"] = "bash",
        ["replay"] = "--to-nats",
        ["export"] = "--format csv",
        ["sql"] = "SELECT",
        ["lake status"] = "",
        ["lake import"] = "ticks.csv",
        ["lake repair"] = "",
        ["tail"] = "EURUSD",
        ["watch"] = "--symbols EURUSD",
        ["verify"] = "--symbols EURUSD",
    };

    private readonly RootCommand _root = CloudTicksCommand.Create();
    private readonly List<(string Path, Command Command)> _commands = [];

    public CommandTree() => Record(_root, "");

    /// <summary>The number of command lines whose action was executed. The actions only count.</summary>
    public int Executed { get; private set; }

    /// <summary>The commands with an action, with the options of each.</summary>
    public IEnumerable<(string[] Valid, Option[] Options)> Commands =>
        _commands.Select(one => ($"{one.Path} {ValidLines[one.Path]}".Split(' ', StringSplitOptions.RemoveEmptyEntries), (Option[])
            [.. one.Command.Options, .. _root.Options.Where(option => option.Recursive)]));

    /// <summary>The words of each command's name.</summary>
    public IEnumerable<string[]> Paths => _commands.Select(one => one.Path.Split(' '));

    /// <summary>Runs a command line.</summary>
    public (int Code, string Errors) Run(params string[] arguments)
    {
        using var errors = new StringWriter();
        return (CloudTicksCommand.Run(_root, arguments, errors), errors.ToString());
    }

    private void Record(Command command, string path)
    {
        foreach (var below in command.Subcommands)
        {
            Record(below, $"{path} {below.Name}".Trim());
        }

        if (command.Subcommands.Count == 0)
        {
            command.SetAction(_ =>
            {
                Executed++;
                return 0;
            });
            _commands.Add((path, command));
        }
    }
}
