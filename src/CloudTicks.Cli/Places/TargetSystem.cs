using System.CommandLine;
using CloudTicks.Cli.Hub;
using CloudTicks.Timescale.Roles;
using CloudTicks.Verification.Places;
using ServiceDefaults.Access;
using ServiceDefaults.Clients;

namespace CloudTicks.Cli.Places;

/// <summary>
/// The system that a command addresses. The address of each server is taken from its option, else from the environment, else from the
/// running AppHost, else it is the default.
/// </summary>
internal sealed class TargetSystem(string? dataFolder, bool isChange, TextWriter notes, string? feed = null)
{
    public const string Rule = """
        The system is that of the option, else of the environment, else of the AppHost of --data, of this folder (./.cloudticks), or of
        another folder, else the one at the default port. If several AppHosts match, a command that only reads uses the one started last.
        A command that changes a system first prints which one, and refuses to run if several match.
        """;

    public static readonly Option<DirectoryInfo?> Data = new("--data")
    {
        Description = "The data folder of the system's AppHost [default: .cloudticks, else that of the running AppHost]",
        HelpName = "folder",
    };

    private readonly Lazy<FoundSystem?> _found = new(() => SystemSearch.Find(dataFolder, isChange, feed, notes));

    public static TargetSystem Of(ParseResult result, bool isChange) => new(result.GetValue(Data)?.FullName, isChange, Console.Error);

    /// <summary>The running AppHost that was found; null when there is none.</summary>
    /// <exception cref="FormatException">The system, or the address of its server, cannot be determined.</exception>
    public RunningSystem? RunningAppHost => _found.Value?.System;

    public string Where => _found.Value?.Where ?? "";

    /// <summary>
    /// The AppHost of the folder of <c>--data</c>, by default of the current folder, even if the command addresses another system; null
    /// unless exactly one is running there.
    /// </summary>
    public RunningSystem? AppHostInFolder() =>
        RunningSystems.In(dataFolder ?? SystemSearch.DefaultDataFolder).Running is [var only] ? only : null;

    /// <summary>Prints the system and its servers, if the command changes something.</summary>
    /// <param name="servers">The addressed servers by name. The addresses must not contain secrets.</param>
    public void Announce(params IReadOnlyList<(string Part, Place<string> Place)> servers)
    {
        if (isChange)
        {
            SystemAnnouncement.Write(this, servers, notes);
        }
    }

    /// <param name="option">The address of <c>--hub</c>; null without it.</param>
    /// <exception cref="FormatException">A setting is wrong, or the system or the address of its server cannot be determined.</exception>
    public Place<Uri> Hub(Uri? option)
    {
        var place = option is not null ? new Place<Uri>(option, AddressSource.Option, HubOptions.Address.Name)
            : HubVariable() is { } set ? new Place<Uri>(set, AddressSource.Environment, HubOptions.Variable)
            : null;
        if (place is null)
        {
            return RunningAppHost is { } running
                ? new Place<Uri>(running.Hub, AddressSource.AppHost)
                : new Place<Uri>(HubOptions.DefaultHub, AddressSource.Default);
        }

        RequireSameSystem(place.Name, place.Address.Authority, running => running.IsHub(place.Address));
        return place;
    }

    /// <exception cref="FormatException">A setting is wrong, or the system or the address of its server cannot be determined.</exception>
    public IReadOnlyList<Place<Uri>> Collectors(IReadOnlyList<Uri> named, string option, Uri? hub)
    {
        if (named.Count > 0)
        {
            return [.. named.Select(address => new Place<Uri>(address, AddressSource.Option, option))];
        }

        // A named hub does not report its collectors, and the collectors of another system must not be used instead.
        if (Hub(hub) is { Source: AddressSource.Option or AddressSource.Environment } other
            && (RunningAppHost is { } system ? !system.IsHub(other.Address) : !LocalRule.IsLoopbackName(other.Address.Host)))
        {
            throw new FormatException(
                $"{other.Name} names the hub {other.Address.Authority}, and the collector of that system is not known: "
                + $"name it with {option}.");
        }

        return RunningAppHost is { } running
            ? [.. running.Collectors.Select(address => new Place<Uri>(address, AddressSource.AppHost))]
            : [new Place<Uri>(HubOptions.DefaultCollector, AddressSource.Default)];
    }

    /// <exception cref="FormatException">The system, or the address of its server, cannot be determined.</exception>
    public Place<string> EventHub(string? option = null, string name = "") =>
        Server("eventhubs", option, name, system => system.EventHub, "event hub", "127.0.0.1:9092");

    /// <exception cref="FormatException">The system, or the address of its server, cannot be determined.</exception>
    public Place<string> Nats(string? option = null, string name = "") =>
        Server("nats", option, name, system => system.Nats, "NATS server", "nats://127.0.0.1:4222");

    /// <summary>AppHost's database; null without a running AppHost, or if the environment names an event hub or a database.</summary>
    /// <exception cref="FormatException">The system, or the address of its server, cannot be determined.</exception>
    public DatabaseAddress? Database() =>
        Array.TrueForAll(
            [Servers.EventHubsName, DatabaseConnections.Name, DatabaseConnections.OwnerName, DatabaseConnections.ReaderName],
            name => Servers.Setting(name) is null)
            ? RunningAppHost?.Database
            : null;

    private static Uri? HubVariable() => Environment.GetEnvironmentVariable(HubOptions.Variable) is not { Length: > 0 } text ? null
        : HubOptions.Parse(text)
            ?? throw new FormatException(
                $"{HubOptions.Variable}: the value must be host:port, without a key; set the key in {ServiceKey.Variable}.");

    private Place<string> Server(
        string connection, string? option, string optionName, Func<RunningSystem, string?> addressOf, string part, string defaultAddress)
    {
        if (option is not null)
        {
            return new Place<string>(option, AddressSource.Option, optionName);
        }

        var variable = $"ConnectionStrings__{connection}";
        if (Servers.Setting(connection) is { } set)
        {
            // A server without an address in AppHost's note is external. The variable may name that very server, so accept the variable.
            RequireSameSystem(variable, $"another {part}", system => addressOf(system) is not { } its || its == set);
            return new Place<string>(set, AddressSource.Environment, variable);
        }

        return RunningAppHost is not { } found ? new Place<string>(defaultAddress, AddressSource.Default)
            : addressOf(found) is { } address ? new Place<string>(address, AddressSource.AppHost)
            : throw new FormatException(
                $"AppHost was started with your own {part} ({SystemSearch.Describe(found)}): also set {variable} here.");
    }

    /// <summary>Refuses a change when <c>--data</c> and the option or variable of a server name different systems.</summary>
    private void RequireSameSystem(string name, string address, Func<RunningSystem, bool> isOfSystem)
    {
        if (isChange && dataFolder is not null && RunningAppHost is { } running && !isOfSystem(running))
        {
            throw new FormatException(
                $"Two systems are named, and this command changes one: {name} names {address}, and --data names "
                + $"the system {SystemSearch.Describe(running)}. Name only one of them.");
        }
    }
}
