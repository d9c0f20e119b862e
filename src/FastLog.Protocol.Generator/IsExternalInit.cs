namespace System.Runtime.CompilerServices;

/// <summary>netstandard2.0 lacks the type that records and init setters ask for.</summary>
internal static class IsExternalInit;
