namespace Microsoft.Azure.Functions.Worker;

/// <summary>What a function is called.</summary>
public abstract class FunctionDefinition
{
    /// <summary>The name of the function.</summary>
    public abstract string Name { get; }
}
