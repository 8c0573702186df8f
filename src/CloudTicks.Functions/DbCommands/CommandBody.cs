namespace CloudTicks.Functions.DbCommands;

/// <summary>The body of a command, which holds its share of the memory limit until it is disposed.</summary>
internal sealed class CommandBody : IDisposable
{
    private CommandBodies? _owner;

    public CommandBody(CommandBodies owner) => _owner = owner;

    private CommandBody(CommandBodyState state) => State = state;

    public static CommandBody TooLarge { get; } = new(CommandBodyState.TooLarge);

    public static CommandBody NoRoom { get; } = new(CommandBodyState.NoRoom);

    /// <summary>Whether the body was received; if not, why not.</summary>
    public CommandBodyState State { get; }

    public ReadOnlyMemory<byte> Bytes => Buffer.AsMemory(0, Length);

    internal byte[] Buffer { get; set; } = [];

    internal int Length { get; set; }

    public static CommandBody Refused(CommandBodyState state) => new(state);

    public void Dispose()
    {
        _owner?.Release(Buffer.Length);
        _owner = null;
    }
}
