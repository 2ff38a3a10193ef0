export * from '#indexer';
export * from '#node';
export * from '#relayer';
