namespace CloudTicks.Lake.Sql;

/// <summary>A function of ours in SQL.</summary>
/// <param name="Signature">Its name and parameters.</param>
/// <param name="Help">What it gives, in a sentence.</param>
/// <param name="Body">What stands behind <c>AS</c>.</param>
public sealed record LakeMacro(string Signature, string Help, string Body);
