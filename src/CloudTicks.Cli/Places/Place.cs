namespace CloudTicks.Cli.Places;

/// <summary>A server that a command addresses.</summary>
/// <typeparam name="T">The form of its address.</typeparam>
/// <param name="Name">The option or the variable that named it; empty for the others.</param>
internal sealed record Place<T>(T Address, AddressSource Source, string Name = "");
