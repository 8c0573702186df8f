namespace CloudTicks.Cli.Places;

/// <summary>A server that a command addresses.</summary>
/// <typeparam name="T">The type of its address.</typeparam>
/// <param name="Name">The option or variable that named the server; empty for other sources.</param>
internal sealed record Place<T>(T Address, AddressSource Source, string Name = "");
