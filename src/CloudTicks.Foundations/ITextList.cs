namespace CloudTicks.Foundations;

/// <summary>A list setting that may also be written as a single string, because an environment variable cannot hold a list.</summary>
public interface ITextList<TSelf>
    where TSelf : ITextList<TSelf>
{
    /// <summary>Splits one text by the separators of this list.</summary>
    public static abstract TSelf Split(string text);
}
