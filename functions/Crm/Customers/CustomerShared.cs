namespace CrmServerless.Crm.Customers;

/// <summary>WeCom: a member of staff got a customer whose file has tags already; he is new there, or has him again.</summary>
/// <param name="StaffId">His userid.</param>
public sealed record CustomerShared(string StaffId);
